"""A server made with Python's official package, with which muster's is compared.

usage: mcp_peer.py stdio TOOLS | mcp_peer.py http PORT TOOLS

Offers `echo` and as many more tools as TOOLS says. Over HTTP it says on standard error where it listens.
"""
import sys

from mcp.server.fastmcp import FastMCP

transport, *rest = sys.argv[1:]
server = FastMCP("peer", port=int(rest[0]) if transport == "http" else 0, log_level="ERROR")


@server.tool()
def echo(text: str) -> str:
    """Returns the text."""
    return text


for number in range(int(rest[-1])):
    server.add_tool(echo, name=f"tool_{number:05}", description="one of many")
if transport == "http":
    print(f"listens at http://127.0.0.1:{rest[0]}/mcp", file=sys.stderr, flush=True)
server.run(transport="streamable-http" if transport == "http" else "stdio")
