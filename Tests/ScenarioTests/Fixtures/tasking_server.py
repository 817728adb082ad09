"""A server of 2025-11-25 whose tools run as tasks, made with the official SDK's experimental features.

usage: tasking_server.py stdio | http
"""
import asyncio
import sys
from contextlib import asynccontextmanager

import anyio
import mcp.types as types
from mcp.server.lowlevel import Server

server = Server("tasking")
support = server.experimental.enable_tasks()

REQUIRED = ("work", "approve", "broken", "refused", "slow")


@server.list_tools()
async def list_tools():
    schema = {"type": "object", "properties": {"what": {"type": "string"}}}
    tools = [types.Tool(name=name, inputSchema=schema, execution=types.ToolExecution(taskSupport="required")) for name in REQUIRED]
    optional = types.Tool(name="both", inputSchema=schema, execution=types.ToolExecution(taskSupport="optional"))
    return tools + [optional, types.Tool(name="states", inputSchema=schema, annotations=types.ToolAnnotations(readOnlyHint=True))]


def text(words, is_error=False):
    return types.CallToolResult(content=[types.TextContent(type="text", text=words)], isError=is_error)


@server.call_tool()
async def call_tool(name, arguments):
    context = server.request_context
    if name == "states":
        return text(" ".join(sorted(task.status for task in support.store.get_all_tasks())))
    if name == "both":
        return text("as a task" if context.experimental.is_task else "at once")
    context.experimental.validate_task_mode("required")

    async def work(task):
        if name == "approve":
            schema = {"type": "object", "properties": {"approved": {"type": "boolean"}}, "required": ["approved"]}
            answer = await task.elicit(message=f"Approve {arguments.get('what')}?", requestedSchema=schema)
            related = (answer.meta or {}).get("io.modelcontextprotocol/related-task", {}).get("taskId")
            return text(f"{answer.action} {answer.content} {related == task.task_id}")
        if name == "broken":
            raise RuntimeError("the disk is full")
        if name == "refused":
            return text("not this one", is_error=True)
        if name == "slow":
            await anyio.sleep(600)
        await task.update_status("half done")
        return text(f"worked on {arguments.get('what')}")

    return await context.experimental.run_task(work)


async def over_stdio():
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


async def over_http():
    import uvicorn
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.applications import Starlette
    from starlette.routing import Mount

    manager = StreamableHTTPSessionManager(server)

    @asynccontextmanager
    async def lifespan(app):
        async with manager.run():
            yield

    application = Starlette(routes=[Mount("/mcp", app=manager.handle_request)], lifespan=lifespan)
    web = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error"))
    serving = asyncio.create_task(web.serve())
    while not web.started:
        await asyncio.sleep(0.01)
    print(f"port={web.servers[0].sockets[0].getsockname()[1]}", file=sys.stderr, flush=True)
    await serving


asyncio.run(over_http() if sys.argv[1] == "http" else over_stdio())
