"""Calls one tool without arguments with the official client and prints its text. usage: one_call.py URL TOOL"""
import asyncio
import sys
from datetime import timedelta

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client


async def main():
    async with streamablehttp_client(sys.argv[1]) as (read, write, _), ClientSession(read, write) as session:
        await session.initialize()
        result = await session.call_tool(sys.argv[2], {}, read_timeout_seconds=timedelta(seconds=15))
        print(result.content[0].text)
        sys.exit(1 if result.isError else 0)


asyncio.run(main())
