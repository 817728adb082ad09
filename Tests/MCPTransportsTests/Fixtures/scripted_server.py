"""A server whose misbehaviour is chosen by its first argument. Speaks the protocol by hand."""
import json
import os
import signal
import subprocess
import sys

mode = sys.argv[1]
# Where each line is noted with its sender.
notes = open(os.environ["WIRE_NOTES"], "a") if "WIRE_NOTES" in os.environ else None


def note(*words):
    if notes:
        print(*(word.rstrip("\n") for word in words), file=notes, flush=True)


note("begin")


def send(message):
    note("server", json.dumps(message))
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def answer(request, result):
    send({"jsonrpc": "2.0", "id": request["id"], "result": result})


def fail(request, code, text, data=None):
    error = {"code": code, "message": text}
    if data is not None:
        error["data"] = data
    send({"jsonrpc": "2.0", "id": request["id"], "error": error})


if mode == "exit":
    print("cannot find my configuration", file=sys.stderr)
    sys.exit(3)
if mode == "garbage-exit":
    print("Usage: scripted_server [options]")
    sys.exit(0)
if mode == "garbage":
    print("Welcome to a program that speaks no JSON at all " + "x" * 400, flush=True)
if mode == "banner":
    print("server 1.0 ready", flush=True)
if mode == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if mode == "family":
    child = subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
if mode == "stderr":
    for number in range(30):
        print(f"line {number} " + "y" * (5000 if number == 29 else 1), file=sys.stderr, flush=True)

tool = {"name": "t", "description": "d", "inputSchema": {"type": "object", "x-odd": [1.0, 2]}}
waiting = {}
told = []
for line in sys.stdin:
    note("client", line)
    if mode in ("hang", "garbage"):
        continue
    request = json.loads(line)
    method = request.get("method")
    if method is None:
        told.append(request)
        if len(told) == 2:
            answer(waiting["call"], {"content": [], "structuredContent": {"answers": told}})
    elif method == "server/discover":
        if mode in ("modern", "deaf"):
            meta = request["params"]["_meta"]
            assert meta["io.modelcontextprotocol/protocolVersion"] == "2026-07-28"
            answer(request, {"resultType": "complete", "supportedVersions": ["2026-07-28"], "ttlMs": 0, "cacheScope": "private",
                             "capabilities": {"tools": {"listChanged": True}},
                             "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "new", "version": "2"}}})
        elif mode == "exit-on-probe":
            sys.exit(1)
        elif mode != "silent-probe":
            fail(request, -32602, "Invalid request parameters")
    elif method == "initialize":
        if mode == "refuse":
            fail(request, -32603, "the licence has run out")
            continue
        answer(request, {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                         "serverInfo": {"name": "scripted", "version": "1"}, "instructions": "be nice"})
    elif method == "notifications/initialized" and mode == "changing":
        send({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
    elif method == "subscriptions/listen" and mode == "deaf":
        fail(request, -32601, "Method not found")
        print("refused to tell", file=sys.stderr, flush=True)
    elif method == "subscriptions/listen":
        tag = {"_meta": {"io.modelcontextprotocol/subscriptionId": request["id"]}}
        send({"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": tag})
        send({"jsonrpc": "2.0", "method": "notifications/tools/list_changed", "params": tag})
    elif method == "notifications/cancelled":
        print(f"cancelled {request['params']['requestId']}", file=sys.stderr, flush=True)
    elif method == "ping":
        answer(request, {})
    elif method == "tools/list":
        if mode == "pages":
            page = int(request.get("params", {}).get("cursor", "0"))
            result = {"tools": [dict(tool, name=f"t{page}")]}
            if page < 2:
                result["nextCursor"] = str(page + 1)
            answer(request, result)
        elif mode == "cycle":
            answer(request, {"tools": [tool], "nextCursor": "again"})
        else:
            answer(request, {"resultType": "complete", "tools": [tool], "ttlMs": 0, "cacheScope": "private"})
    elif method == "tools/call":
        name = request["params"]["name"]
        if name == "die":
            print("out of memory", file=sys.stderr, flush=True)
            os._exit(7)
        if name == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "reverse":
            # Answers two calls in the reverse order of their coming.
            if "first" not in waiting:
                waiting["first"] = request
                continue
            for one in (request, waiting.pop("first")):
                answer(one, {"content": [], "structuredContent": one["params"]["arguments"]})
        elif name == "ask":
            waiting["call"] = request
            send({"jsonrpc": "2.0", "id": "p-1", "method": "ping"})
            send({"jsonrpc": "2.0", "id": 99, "method": "sampling/createMessage", "params": {}})
        elif name == "report":
            # Tokens of nobody, and two of calls that are open.
            waiting[len(waiting)] = request
            if len(waiting) < 2:
                continue
            own = [one["params"]["_meta"]["progressToken"] for one in waiting.values()]
            for token in [999999, "1", None, {}, *own]:
                send({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": token, "progress": 1, "message": str(token)}})
            for one in waiting.values():
                answer(one, {"content": [], "structuredContent": {"tokens": own}})
            waiting = {}
        elif name in ("deep", "split"):
            body = b"[" * 300 + b"]" * 300 if name == "deep" else b'"' + bytes([0xC3]) + b'"'
            sys.stdout.buffer.write(b'{"jsonrpc":"2.0","result":{"id":1,"x":%s},"id":%d}\n' % (body, request["id"]))
            sys.stdout.buffer.flush()
        elif name == "odd":
            answer(request, {"resultType": "input_required", "inputRequests": {}})
        elif name == "error":
            fail(request, -32050, "the disk is full: /dev/sda1", {"free": 0})
        elif name == "environment":
            signals = [line for line in open("/proc/self/status") if line.startswith(("SigBlk", "SigIgn"))]
            answer(request, {"content": [], "structuredContent": {
                "variables": dict(os.environ), "directory": os.getcwd(), "signals": signals,
                "files": sorted(int(f) for f in os.listdir("/proc/self/fd")), "group": os.getpgrp() == os.getpid()}})
        elif name == "grandchild":
            answer(request, {"content": [], "structuredContent": {"pid": child.pid}})
        elif name != "never":
            answer(request, {"content": [{"type": "text", "text": "ok"}], "_meta": request["params"].get("_meta", {})})
if mode == "stubborn":
    while True:
        signal.pause()
