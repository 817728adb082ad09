#!/usr/bin/env python3
"""An MCP server with one slow tool that may not be called twice: it pays.

Needs nothing but Python 3. Speaks MCP over standard input and output, one JSON document per line.
"""
import json
import sys
import time

TOOLS = [
    {
        "name": "balance",
        "description": "Tell the balance of an account",
        "inputSchema": {"type": "object", "properties": {"account": {"type": "string"}}, "required": ["account"]},
        "annotations": {"readOnlyHint": True},
    },
    {
        "name": "pay",
        "description": "Pay an amount; takes five seconds",
        "inputSchema": {
            "type": "object",
            "properties": {"account": {"type": "string"}, "amount": {"type": "number"}},
            "required": ["account", "amount"],
        },
        "annotations": {"readOnlyHint": False, "idempotentHint": False},
    },
]


def call(name, arguments):
    if name == "balance":
        return {"account": arguments["account"], "balance": 100}
    time.sleep(5)
    return {"receipt": "r-1", "amount": arguments["amount"]}


def answer(method, params):
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "bank", "version": "1"},
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call":
        result = call(params["name"], params.get("arguments", {}))
        return {"content": [{"type": "text", "text": json.dumps(result)}]}
    return None


for line in sys.stdin:
    request = json.loads(line)
    if "id" not in request:
        continue
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    result = answer(request.get("method"), request.get("params", {}))
    if result is None:
        reply["error"] = {"code": -32601, "message": "Method not found"}
    else:
        reply["result"] = result
    print(json.dumps(reply), flush=True)
