"""An MCP server that writes every call down, and whose tools stop where a test wants them to.

usage: ledger_server.py LEDGER [FOLDER-WITH-GATES]

Each call of a tool is one line `TOOL NAME` in the ledger, on the disk before the tool does anything else. `gate*` tools
then wait until the FIFO `NAME` in the folder has been opened and closed for writing. Speaks the protocol by hand.
"""
import json
import os
import sys
import threading

ledger, gates = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
lock = threading.Lock()


def send(message):
    with lock:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def write_down(text):
    descriptor = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, (text + "\n").encode())
    os.close(descriptor)


def tool(name, annotations):
    schema = {"type": "object", "properties": {"name": {"type": "string"}, "value": {}}, "required": ["name"]}
    return {"name": name, "description": name, "inputSchema": schema, "annotations": annotations}


unsafe = {"readOnlyHint": False, "idempotentHint": False}
tools = [
    tool("mark", unsafe),
    tool("mark_again", {"readOnlyHint": False, "idempotentHint": True}),
    tool("look", {"readOnlyHint": True}),
    tool("gate", unsafe),
    tool("gate_again", {"readOnlyHint": False, "idempotentHint": True}),
    tool("gate_look", {"readOnlyHint": True}),
    tool("fail", unsafe),
    tool("die", unsafe),
    tool("hang", unsafe),
    tool("large", {"readOnlyHint": True}),
]


def call(request):
    name = request["params"]["name"]
    arguments = request["params"].get("arguments") or {}
    write_down(f"{name} {arguments.get('name', '')}")
    if name.startswith("gate"):
        with open(os.path.join(gates, arguments["name"])) as gate:
            gate.read()
    if name == "die":
        print("out of memory", file=sys.stderr, flush=True)
        os._exit(7)
    if name == "hang":
        return
    result = {"name": arguments.get("name"), "seen": arguments.get("value")}
    if name == "large":
        result["text"] = "x" * int(arguments["value"])
    content = [{"type": "text", "text": json.dumps(result)}]
    if name == "fail":
        content = [{"type": "text", "text": "the disk of the other side is full"}]
    send({"jsonrpc": "2.0", "id": request["id"], "result": {"content": content, "isError": name == "fail"}})


for line in sys.stdin:
    request = json.loads(line)
    method = request.get("method")
    if method == "initialize":
        send({"jsonrpc": "2.0", "id": request["id"], "result": {
            "protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "ledger", "version": "1"}}})
    elif method == "tools/list":
        send({"jsonrpc": "2.0", "id": request["id"], "result": {"tools": tools}})
    elif method == "tools/call":
        threading.Thread(target=call, args=(request,), daemon=True).start()
    elif "id" in request:
        send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32601, "message": "Method not found"}})
