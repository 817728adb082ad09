"""A server made with the official SDK: typed results, structured content, errors and progress."""
from mcp.server.fastmcp import Context, FastMCP
from mcp.types import ToolAnnotations
from pydantic import BaseModel

server = FastMCP("official")


class Node(BaseModel):
    name: str
    ready: bool
    load: float


@server.tool(annotations=ToolAnnotations(readOnlyHint=True))
def nodes(cluster: str, count: int = 2) -> list[Node]:
    """The nodes of a cluster."""
    return [Node(name=f"{cluster}-{number}", ready=number % 2 == 0, load=number + 0.5) for number in range(count)]


@server.tool()
def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


@server.tool()
def describe(node: Node) -> str:
    """Says what it got, with its types."""
    return f"{node.name} {node.ready} {node.load} größer"


@server.tool()
async def slow(context: Context) -> dict[str, int]:
    """Reports progress."""
    for step in range(1, 4):
        await context.report_progress(step, 3, f"part {step}")
    return {"parts": 3}


@server.tool()
def broken() -> str:
    """Always fails."""
    raise ValueError("the value is bad")


server.run("stdio")
