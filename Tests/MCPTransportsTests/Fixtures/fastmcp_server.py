"""A server made with the official SDK."""
import asyncio

from mcp.server.fastmcp import Context, FastMCP

server = FastMCP("official")


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


server.run("stdio")
