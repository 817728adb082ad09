"""Uses muster's tasks with the official client's experimental features; prints what it saw as one JSON object.

usage: task_client.py talk|begin|end TASK stdio COMMAND [ARGUMENT...] | ... http URL

`begin` begins the workflow `work` and prints the task's id; over standard streams it then kills the server. `end` waits
for the result of a task that another process began; every question is answered with `retry`.
"""
import asyncio
import json
import os
import signal
import sys

from mcp import ClientSession, McpError, StdioServerParameters, types
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import CallToolResult

RELATED = "io.modelcontextprotocol/related-task"
seen = {"asked": [], "told": []}


async def on_elicitation(context, params):
    seen["asked"].append([params.message, context.meta.model_dump()[RELATED]["taskId"]])
    form = params.requestedSchema["properties"]
    return types.ElicitResult(action="accept", content={"decision": "retry"} if "decision" in form else {"approved": True})


async def on_message(message):
    if isinstance(message, types.ServerNotification) and message.root.method == "notifications/tasks/status":
        seen["told"].append([message.root.params.taskId, message.root.params.status])


async def code(awaitable):
    try:
        await awaitable
    except McpError as error:
        return error.error.code


async def wait_for_tools(session, *names):
    for _ in range(1200):
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        if all(name in tools for name in names):
            return tools
        await asyncio.sleep(0.05)
    raise TimeoutError(names)


def document(result):
    return json.loads(result.content[0].text)


async def begin(session, workflow, arguments=None):
    return (await session.experimental.call_tool_as_task("workflow_" + workflow, arguments or {}, ttl=60000)).task


async def status(session, task, *wanted):
    async for state in session.experimental.poll_task(task):
        if state.status in wanted:
            return state


async def talk(session, hello):
    tasks = session.experimental
    seen["capability"] = hello.capabilities.tasks.model_dump(exclude_none=True)
    tools = await wait_for_tools(session, "x_ledger_mark", "x_asking_deploy")
    support = {name: tool.execution and tool.execution.taskSupport for name, tool in tools.items()}
    seen["support"] = [support["workflow_quick"], support["x_ledger_mark"], support["core_workflow_list"]]

    quick = await begin(session, "quick")
    seen["created"] = [quick.status, quick.ttl, quick.pollInterval, quick.createdAt == quick.lastUpdatedAt]
    states = [state async for state in tasks.poll_task(quick.taskId)]
    seen["last"] = [states[-1].status, states[-1].taskId == quick.taskId]
    result = await tasks.get_task_result(quick.taskId, CallToolResult)
    seen["quick"] = [result.isError, document(result)["status"], document(result)["execution_id"] == quick.taskId]
    seen["related"] = result.meta[RELATED]["taskId"] == quick.taskId

    bad = await begin(session, "bad")
    result = await tasks.get_task_result(bad.taskId, CallToolResult)
    seen["bad"] = [result.isError, (await tasks.get_task(bad.taskId)).status]

    slow = await begin(session, "slow")
    waiting = asyncio.create_task(tasks.get_task_result(slow.taskId, CallToolResult))
    cancelled = await tasks.cancel_task(slow.taskId)
    seen["cancelled"] = [cancelled.status, cancelled.taskId == slow.taskId, (await waiting).isError]
    seen["again"] = await code(tasks.cancel_task(slow.taskId))

    ask = await begin(session, "ask")
    seen["asks"] = (await status(session, ask.taskId, "input_required", "completed", "failed")).status
    result = await tasks.get_task_result(ask.taskId, CallToolResult)
    seen["ask"] = [result.isError, document(result)["status"]]
    seen["asked"] = [[message, id == ask.taskId] for message, id in seen["asked"]]

    seen["unknown"] = [await code(tasks.get_task("none")), await code(tasks.get_task_result("none", CallToolResult)),
                       await code(tasks.cancel_task("none")), await code(tasks.list_tasks("none"))]
    seen["forbidden"] = [await code(tasks.call_tool_as_task(name, {"name": "n"})) for name in ("x_ledger_mark", "core_workflow_list")]
    listed = await tasks.list_tasks()
    seen["listed"] = [task.status for task in listed.tasks]
    seen["inOrder"] = [task.taskId for task in listed.tasks] == [t.taskId for t in (ask, slow, bad, quick)]
    seen["more"] = listed.nextCursor
    for _ in range(200):
        if [ask.taskId, "completed"] in seen["told"]:
            break
        await asyncio.sleep(0.05)
    # States that are short may be passed over; ends are not.
    seen["told"] = [[id, state] for id, state in seen["told"] if state not in ("working", "input_required")]
    seen["told"] = [[id == task.taskId, state] for task in (bad, slow, ask) for id, state in seen["told"] if id == task.taskId]


async def go(words):
    verb, *rest = words
    task = rest.pop(0) if verb == "end" else None
    kind, *rest = rest
    if kind == "stdio":
        connection = stdio_client(StdioServerParameters(command=rest[0], args=rest[1:]))
    else:
        connection = streamablehttp_client(rest[0])
    async with connection as (read, write, *_):
        async with ClientSession(read, write, elicitation_callback=on_elicitation, message_handler=on_message) as session:
            hello = await session.initialize()
            if verb == "talk":
                await talk(session, hello)
            elif verb == "begin":
                # The call waits for servers that are being started.
                print((await begin(session, "work")).taskId, file=sys.stderr, flush=True)
                if kind == "stdio":
                    # The test says when.
                    await asyncio.get_running_loop().run_in_executor(None, open, "kill")
                    for child in open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read().split():
                        os.kill(int(child), signal.SIGKILL)
                    os._exit(0)
            else:
                result = await session.experimental.get_task_result(task, CallToolResult)
                seen["result"] = [result.isError, document(result)["execution_id"] == task, document(result)["status"]]
                seen["status"] = (await session.experimental.get_task(task)).status
                seen["listed"] = [entry.taskId for entry in (await session.experimental.list_tasks()).tasks] == [task]
    print(json.dumps(seen))


asyncio.run(go(sys.argv[1:]))
