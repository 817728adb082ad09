"""A server that tells nothing that nobody has asked for: no message before it knows a level, no update of a resource.

usage: quiet_server.py legacy|modern
"""
import json
import os
import sys

mode = sys.argv[1]
notes = open(os.environ["WIRE_NOTES"], "a") if "WIRE_NOTES" in os.environ else None
capabilities = {"tools": {}, "resources": {"subscribe": True}, "logging": {}}
information = {"name": "quiet", "version": "1"}
levels = []


def note(side, text):
    if notes:
        print(side, text, file=notes, flush=True)


def send(message):
    text = json.dumps({"jsonrpc": "2.0", **message})
    note("server", text)
    print(text, flush=True)


if notes:
    print("begin", file=notes, flush=True)
for line in sys.stdin:
    note("client", line.rstrip("\n"))
    request = json.loads(line)
    method, params = request.get("method"), request.get("params", {})
    meta = params.get("_meta", {})
    if "id" not in request:
        continue
    result = {"resultType": "complete", "_meta": {"io.modelcontextprotocol/serverInfo": information}} if mode == "modern" else {}
    if method == "server/discover":
        if mode == "legacy":
            send({"id": request["id"], "error": {"code": -32601, "message": "Method not found"}})
            continue
        result.update(supportedVersions=["2026-07-28"], capabilities=capabilities, ttlMs=0, cacheScope="private")
    elif method == "initialize":
        result = {"protocolVersion": "2025-11-25", "capabilities": capabilities, "serverInfo": information}
    elif method == "logging/setLevel":
        levels.append(params["level"])
    elif method == "subscriptions/listen":
        honoured = {"resourceSubscriptions": params["notifications"].get("resourceSubscriptions", [])}
        tag = {"_meta": {"io.modelcontextprotocol/subscriptionId": request["id"]}, "notifications": honoured}
        send({"method": "notifications/subscriptions/acknowledged", "params": tag})
        continue
    elif method == "tools/call":
        if levels or "io.modelcontextprotocol/logLevel" in meta:
            send({"method": "notifications/message", "params": {"level": "info", "data": f"levels {levels}"}})
        result["content"] = [{"type": "text", "text": f"{len(levels)}"}]
    send({"id": request["id"], "result": result})
