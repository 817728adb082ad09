"""Uses the tools of `tasking_server.py` through muster with the official client; prints what it saw as one JSON object.

usage: tasked_client.py URL
"""
import asyncio
import json
import sys

from mcp import ClientSession, types
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import CallToolResult

seen = {"asked": []}


async def on_elicitation(context, params):
    seen["asked"].append([params.message, params.meta and params.meta.model_dump(exclude_none=True)])
    return types.ElicitResult(action="accept", content={"approved": True})


async def talk(session):
    await session.initialize()
    for _ in range(1200):
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        if "x_tasking_work" in tools:
            break
        await asyncio.sleep(0.05)
    seen["execution"] = [tools[f"x_tasking_{name}"].execution for name in ("work", "both", "states")]
    progress = []

    async def on_progress(done, total, message):
        progress.append(message)

    async def text(name, **arguments):
        result = await session.call_tool("x_tasking_" + name, arguments, progress_callback=on_progress)
        return [result.isError, result.content[0].text, result.meta]

    seen["work"] = await text("work", what="it")
    seen["both"] = await text("both")
    seen["refused"] = await text("refused")
    seen["broken"] = await text("broken")
    seen["approve"] = await text("approve", what="all")
    workflow = await session.call_tool("workflow_release", {})
    seen["workflow"] = [workflow.isError, json.loads(workflow.content[0].text)["said"]]
    task = (await session.experimental.call_tool_as_task("workflow_slow")).task.taskId
    while "working" not in (await text("states"))[1]:
        await asyncio.sleep(0.02)
    seen["cancelled"] = (await session.experimental.cancel_task(task)).status
    for _ in range(200):
        if "working" not in (await text("states"))[1]:
            break
        await asyncio.sleep(0.02)
    seen["states"] = (await text("states"))[1]


async def main():
    async with streamablehttp_client(sys.argv[1]) as (read, write, _):
        async with ClientSession(read, write, elicitation_callback=on_elicitation) as session:
            await talk(session)
    print(json.dumps(seen))


asyncio.run(main())
