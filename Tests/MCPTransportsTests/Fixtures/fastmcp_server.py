"""A server made with the official SDK, on stdio, or `streamable-http PORT` or `sse PORT`."""
import asyncio
import sys

from mcp.server.fastmcp import Context, FastMCP

transport = sys.argv[1] if len(sys.argv) > 1 else "stdio"
server = FastMCP("official", port=int(sys.argv[2]) if len(sys.argv) > 2 else 8000)


@server.tool()
def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


@server.tool()
def broken() -> str:
    """Always fails."""
    raise ValueError("the value is bad")


@server.tool()
async def count(context: Context) -> str:
    """Reports progress."""
    for step in range(1, 4):
        await context.report_progress(step, 3, f"step {step}")
    return "counted"


@server.tool()
async def wait() -> str:
    """Never returns."""
    await asyncio.sleep(600)
    return "late"


@server.tool()
async def confirm(context: Context) -> str:
    """Asks the user."""
    from pydantic import BaseModel

    class Answer(BaseModel):
        sure: bool

    answer = await context.elicit("Sure?", Answer)
    return f"{answer.action} {answer.data.sure}" if answer.action == "accept" else answer.action


@server.resource("note://{name}")
def note(name: str) -> str:
    """A note."""
    return f"note {name}"


@server.prompt()
def greet(who: str) -> str:
    """Greets."""
    return f"Hello {who}"


server.run(transport)
