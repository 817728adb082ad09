"""A server made with the official SDK that asks, reports, logs, and has resources and prompts.

usage: asking_server.py [NAME]
"""
import sys

from mcp.server.fastmcp import Context, FastMCP
from mcp.types import SamplingMessage, TextContent
from pydantic import BaseModel

name = sys.argv[1] if len(sys.argv) > 1 else "asking"
server = FastMCP(name)


class Approval(BaseModel):
    approved: bool


@server.tool()
async def deploy(what: str, ctx: Context) -> str:
    """Deploys something when somebody agrees."""
    answer = await ctx.elicit(f"Deploy {what}?", schema=Approval)
    return f"{answer.action} {answer.data.approved if answer.action == 'accept' else None}"


@server.tool()
async def think(about: str, ctx: Context) -> str:
    """Lets the caller's model think."""
    message = SamplingMessage(role="user", content=TextContent(type="text", text=about))
    result = await ctx.session.create_message(messages=[message], max_tokens=10, related_request_id=ctx.request_id)
    return result.content.text


@server.tool()
async def count(to: int, ctx: Context) -> str:
    """Counts, and says so."""
    for number in range(1, to + 1):
        await ctx.report_progress(number, to, f"at {number}")
        await ctx.info(f"counted {number}")
    return "done"


@server.resource("memo://first", name="first memo", description="the first", mime_type="text/markdown")
def first() -> str:
    return "# First"


@server.resource("memo://of/{person}")
def memo(person: str) -> str:
    """What somebody has written."""
    return f"memo of {person}"


@server.prompt()
def review(code: str) -> str:
    """Asks for a review."""
    return f"Review this: {code}"


@server.completion()
async def complete(ref, argument, context):
    from mcp.types import Completion

    known = sorted((context.arguments or {}).items()) if context else []
    return Completion(values=[f"{argument.value}-{name}" for name in ("one", "two")] + [str(known)], total=7, hasMore=True)


server.run()
