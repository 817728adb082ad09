"""A program that is no MCP server, each time in another way: exit, garbage, garbage-exit or silent."""
import sys

mode = sys.argv[1]
if mode == "exit":
    print("cannot find my licence", file=sys.stderr)
    sys.exit(3)
if mode == "garbage-exit":
    print("Usage: server [options]")
    sys.exit(0)
if mode == "garbage":
    print("Welcome to a program that speaks no JSON at all", flush=True)
for line in sys.stdin:
    pass
