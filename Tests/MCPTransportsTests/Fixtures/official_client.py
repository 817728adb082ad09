"""Talks to our server with the official client and prints what it saw as one JSON object.

usage: official_client.py stdio COMMAND [ARGUMENT...] | official_client.py http URL
"""
import asyncio
import json
import sys
from datetime import timedelta

from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client


async def talk(session):
    seen = {}
    hello = await session.initialize()
    seen["server"] = hello.serverInfo.name
    seen["version"] = hello.protocolVersion
    seen["listChanged"] = hello.capabilities.tools.listChanged
    seen["tools"] = [tool.name for tool in (await session.list_tools()).tools]
    result = await session.call_tool("echo", {"text": "grüße", "number": 1.5, "big": 12345678901234567890})
    seen["echo"] = json.loads(result.content[0].text)
    progress = []

    async def on_progress(done, total, message):
        progress.append([done, total, message])

    result = await session.call_tool("count", {}, progress_callback=on_progress)
    seen["count"] = result.content[0].text
    seen["progress"] = progress
    seen["fail"] = (await session.call_tool("fail", {})).isError
    try:
        await session.call_tool("nothing", {})
    except McpError as error:
        seen["unknown"] = [error.error.code, error.error.message]
    try:
        await session.call_tool("wait", {}, read_timeout_seconds=timedelta(milliseconds=200))
    except McpError as error:
        seen["timeout"] = error.error.code
    many = await asyncio.gather(*(session.call_tool("echo", {"n": n}) for n in range(50)))
    seen["many"] = [json.loads(result.content[0].text)["n"] for result in many] == list(range(50))
    await session.send_ping()
    seen["resources"] = len((await session.list_resources()).resources)
    seen["templates"] = len((await session.list_resource_templates()).resourceTemplates)
    seen["prompts"] = len((await session.list_prompts()).prompts)
    await session.set_logging_level("info")
    return seen


async def main():
    if sys.argv[1] == "stdio":
        parameters = StdioServerParameters(command=sys.argv[2], args=sys.argv[3:])
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            seen = await talk(session)
    else:
        async with streamablehttp_client(sys.argv[2]) as (read, write, _), ClientSession(read, write) as session:
            seen = await talk(session)
    print(json.dumps(seen))


asyncio.run(main())
