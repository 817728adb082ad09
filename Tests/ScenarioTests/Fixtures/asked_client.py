"""Uses a server that asks, through muster, with the official client; prints what it saw as one JSON object.

usage: asked_client.py stdio COMMAND [ARGUMENT...] | asked_client.py http URL
"""
import asyncio
import json
import sys

from mcp import ClientSession, McpError, StdioServerParameters, types
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client

seen = {"asked": [], "sampled": [], "log": [], "changes": []}


async def on_elicitation(context, params):
    seen["asked"].append([params.message, params.requestedSchema["properties"]["approved"]["type"]])
    return types.ElicitResult(action="accept", content={"approved": True})


async def on_sampling(context, params):
    seen["sampled"].append(params.messages[0].content.text)
    return types.CreateMessageResult(role="assistant", model="m", content=types.TextContent(type="text", text="42"))


async def on_log(params):
    seen["log"].append([params.level, params.data])


async def on_message(message):
    if isinstance(message, types.ServerNotification):
        method = message.root.method
        if method.endswith("list_changed"):
            seen["changes"].append(method)


async def wait_for_tool(session, name):
    for _ in range(1200):
        tools = {tool.name for tool in (await session.list_tools()).tools}
        if name in tools:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(name)


async def talk(session):
    await session.initialize()
    await wait_for_tool(session, "x_asking_deploy")

    async def text(name, arguments, progress=None):
        result = await session.call_tool(name, arguments, progress_callback=progress)
        return [result.isError, result.content[0].text]

    seen["deploy"] = await text("x_asking_deploy", {"what": "web"})
    seen["meta"] = await text("call_tool", {"name": "x_asking_deploy", "arguments": {"what": "db"}})
    workflow = await session.call_tool("workflow_release", {})
    seen["workflow"] = [workflow.isError, json.loads(workflow.content[0].text)["status"]]
    seen["think"] = await text("x_asking_think", {"about": "life"})
    seen["progress"] = []

    async def on_progress(done, total, message):
        seen["progress"].append([done, total, message])

    seen["count"] = await text("x_asking_count", {"to": 20}, on_progress)
    seen["progressAtAnswer"] = len(seen["progress"])

    seen["resources"] = sorted(str(r.uri) for r in (await session.list_resources()).resources)
    first = next(r for r in (await session.list_resources()).resources if str(r.uri) == "memo://first")
    seen["first"] = [first.name, first.description, first.mimeType]
    seen["templates"] = [t.uriTemplate for t in (await session.list_resource_templates()).resourceTemplates]
    read = await session.read_resource("memo://of/ann")
    seen["read"] = [[str(c.uri), c.mimeType, c.text] for c in read.contents]
    try:
        await session.read_resource("memo://nobody")
    except McpError as error:
        seen["missing"] = error.error.code
    seen["prompts"] = [p.name for p in (await session.list_prompts()).prompts]
    prompt = await session.get_prompt("x_asking_review", {"code": "x = 1"})
    seen["prompt"] = [prompt.messages[0].role, prompt.messages[0].content.text]
    completion = await session.complete(
        types.PromptReference(type="ref/prompt", name="x_asking_review"), {"name": "code", "value": "v"}, {"a": "b"})
    seen["completion"] = [completion.completion.values, completion.completion.total, completion.completion.hasMore]
    template = types.ResourceTemplateReference(type="ref/resource", uri="memo://of/{person}")
    completion = await session.complete(template, {"name": "person", "value": "p"})
    seen["templateCompletion"] = completion.completion.values[0]

    await asyncio.sleep(0.2)
    seen["changes"].clear()
    await session.call_tool("core_service_stop", {"name": "asking"})
    for _ in range(100):
        if len(seen["changes"]) >= 3:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    seen["changes"].sort()
    seen["resourcesAfter"] = [str(r.uri) for r in (await session.list_resources()).resources if "memo" in str(r.uri)]
    seen["promptsAfter"] = [p.name for p in (await session.list_prompts()).prompts]


async def main():
    kind, *rest = sys.argv[1:]
    if kind == "stdio":
        parameters = StdioServerParameters(command=rest[0], args=rest[1:])
        connection = stdio_client(parameters)
    else:
        connection = streamablehttp_client(rest[0])
    async with connection as (read, write, *_):
        async with ClientSession(
            read, write, elicitation_callback=on_elicitation, sampling_callback=on_sampling,
            logging_callback=on_log, message_handler=on_message,
        ) as session:
            await talk(session)
    print(json.dumps(seen))


asyncio.run(main())
