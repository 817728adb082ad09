"""Uses muster with the official client and prints what it saw as one JSON object.

usage: official_client.py stdio COMMAND [ARGUMENT...] | official_client.py http|sse URL
"""
import asyncio
import json
import sys

from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client


def document(result):
    assert len(result.content) == 1, result
    return json.loads(result.content[0].text)


async def wait_for_tool(session, name):
    """The servers start beside the listener: the list is asked for again whenever it has changed, or at most 1200 times."""
    for _ in range(1200):
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        if name in tools:
            return tools
        await asyncio.sleep(0.05)
    raise TimeoutError(name)


async def talk(session):
    seen = {}
    hello = await session.initialize()
    seen["server"] = [hello.serverInfo.name, hello.protocolVersion, hello.capabilities.tools.listChanged]
    tools = await wait_for_tool(session, "x_kubernetes_connect")
    tools = await wait_for_tool(session, "x_prometheus_query")
    tools = await wait_for_tool(session, "x_teleport_kube_login")
    seen["names"] = sorted(tools)
    seen["schema"] = tools["workflow_connect-monitoring"].inputSchema
    seen["description"] = tools["workflow_connect-monitoring"].description
    seen["annotations"] = tools["x_teleport_kube_list"].annotations.readOnlyHint
    progress = []

    async def on_progress(done, total, message):
        progress.append([done, total, message])

    arguments = {"cluster": "a.my-domain.com", "localPort": "0"}
    result = await session.call_tool("workflow_connect-monitoring", arguments, progress_callback=on_progress)
    seen["isError"] = result.isError
    seen["document"] = document(result)
    seen["progress"] = progress
    record = document(await session.call_tool(
        "core_workflow_execution_get", {"execution_id": seen["document"]["execution_id"]}))
    seen["record"] = record["status"]

    failed = await session.call_tool("workflow_login-chain", {"cluster": "NOT A CLUSTER"})
    seen["failed"] = [failed.isError, document(failed)]
    missing = await session.call_tool("workflow_login-chain", {})
    seen["missing"] = [missing.isError, missing.content[0].text]
    try:
        result = await session.call_tool("workflow_nothing", {})
        seen["unknown"] = [result.isError, result.content[0].text]
    except McpError as error:
        seen["unknown"] = [error.error.code, error.error.message]

    clusters = [f"c{number}.my-domain.com" for number in range(20)]
    many = await asyncio.gather(*(session.call_tool("workflow_login-chain", {"cluster": name}) for name in clusters))
    # The current cluster is the server's, so that calls may see each other's; what each logged in to is its own.
    seen["many"] = [document(result)["loggedInAs"] for result in many] == [f"teleport-{name}" for name in clusters]
    listed = document(await session.call_tool(
        "core_workflow_execution_list", {"workflow_name": "login-chain", "status": "completed", "limit": 5}))
    seen["page"] = [len(listed["executions"]), listed["total"], listed["has_more"]]
    logins = document(await session.call_tool("x_teleport_kube_list", {}))
    seen["logins"] = logins["total"]
    services = document(await session.call_tool("core_service_list", {}))
    seen["services"] = [service["name"] for service in services["services"]]
    await session.send_ping()
    return seen


async def main():
    if sys.argv[1] == "stdio":
        parameters = StdioServerParameters(command=sys.argv[2], args=sys.argv[3:])
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            seen = await talk(session)
    elif sys.argv[1] == "sse":
        async with sse_client(sys.argv[2]) as (read, write), ClientSession(read, write) as session:
            seen = await talk(session)
    else:
        async with streamablehttp_client(sys.argv[2]) as (read, write, _), ClientSession(read, write) as session:
            seen = await talk(session)
    print(json.dumps(seen))


asyncio.run(main())
