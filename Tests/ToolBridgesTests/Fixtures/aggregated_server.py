"""A server to put behind muster: `aggregated_server.py stdio NAME [TOOL ...]`, or `http NAME [TOOL ...]`, which says its
port on standard error and ends with its input. Legacy protocol by hand. `many` as a tool gives 10,000 tools in pages."""
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

transport, name, *names = sys.argv[1:]
tools = []
for tool in names or ["echo"]:
    description = f"does {tool}"
    if ":" in tool:
        tool, description = tool.split(":", 1)
    tools.append({"name": tool, "description": description, "inputSchema": {"type": "object", "properties": {"x": {}}}})
    if tool == "routed":
        tools[-1]["inputSchema"]["properties"]["x"] = {"type": "string", "x-mcp-header": "X"}
    if tool == "misrouted":
        tools[-1]["inputSchema"]["properties"]["x"] = {"type": "number", "x-mcp-header": "X", "default": {"x-mcp-header": 1}}
lists = 0
active = 0
most = 0
lock = threading.Lock()


def answer(message, push=lambda note: None):
    """The result, or an error, or None for no answer."""
    global lists, active, most
    method, params = message.get("method"), message.get("params", {})
    if method == "initialize":
        return {"protocolVersion": "2025-06-18", "serverInfo": {"name": name, "version": "1"}, "capabilities": {
            "tools": {"listChanged": True}, "resources": {"subscribe": True, "listChanged": True}, "prompts": {"listChanged": True}}}
    if method == "ping":
        return {}
    if method == "tools/list":
        lists += 1
        if names == ["many"]:
            page = int(params.get("cursor", "0"))
            some = [{"name": f"tool_{n:05}", "description": "one of many", "inputSchema": {"type": "object"}} for n in range(page * 100, page * 100 + 100)]
            return {"tools": some, **({"nextCursor": str(page + 1)} if page < 99 else {})}
        return {"tools": tools}
    if method == "resources/list":
        return {"resources": [{"uri": f"note://{name}/1", "name": "note"}, {"uri": "plain", "name": "plain"}]}
    if method == "resources/templates/list":
        return {"resourceTemplates": [{"uriTemplate": f"item://{name}/{{id}}", "name": "item"}]}
    if method == "resources/read":
        return {"contents": [{"uri": params["uri"], "text": f"{name} has {params['uri']}"}]}
    if method == "resources/subscribe":
        push({"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {"uri": params["uri"]}})
        return {}
    if method == "prompts/list":
        return {"prompts": [{"name": "greet", "description": "greets"}]}
    if method == "prompts/get":
        return {"messages": [{"role": "user", "content": {"type": "text", "text": f"{name} {params}"}}]}
    if method == "tools/call":
        tool = params["name"]
        if tool == "die":
            print("out of memory", file=sys.stderr, flush=True)
            os._exit(7)
        if tool == "grow":
            grown = sum(t["name"].startswith("grown") for t in tools)
            tools.append(dict(tools[0], name=f"grown{grown + 1}" if grown else "grown"))
            for _ in range(50):
                push({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
        if tool == "hang":
            return None
        if tool == "slow":
            with lock:
                active += 1
                most = max(most, active)
            time.sleep(0.05)
            with lock:
                active -= 1
        if tool == "fault":
            raise ValueError("the other side is out of order")
        if tool == "blocks":
            return {"content": [{"type": "image", "data": "AA==", "mimeType": "image/png"}, {"type": "new", "odd": [1.0]},
                                {"type": "resource_link", "uri": "x://y", "name": "y"}],
                    "structuredContent": {"deep": [1, 2.50, "x"]}, "_meta": {"own": True}, "isError": True, "extra": 1}
        return {"content": [{"type": "text", "text": json.dumps({"server": name, "tool": tool, "arguments": params.get("arguments"),
                "meta": params.get("_meta"), "lists": lists, "most": most})}]}
    raise LookupError("Method not found")


def handle(message, send):
    if "id" not in message or "method" not in message:
        return
    try:
        result = answer(message, send)
        if result is None:
            return
        send({"jsonrpc": "2.0", "id": message["id"], "result": result})
    except Exception as error:
        code = -32601 if isinstance(error, LookupError) else -32050
        send({"jsonrpc": "2.0", "id": message["id"], "error": {"code": code, "message": str(error)}})


if transport == "stdio":
    output = threading.Lock()

    def write(message):
        with output:
            sys.stdout.write(json.dumps(message) + "\n")
            sys.stdout.flush()

    for line in sys.stdin:
        threading.Thread(target=handle, args=(json.loads(line), write), daemon=True).start()
    os._exit(0)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token = os.environ.get("WANTED_TOKEN")
        if token and self.headers.get("Authorization") != f"Bearer {token}":
            return self.send(401)
        if message.get("method") == "server/discover":
            return self.send(400)
        if "id" not in message:
            return self.send(202)
        out = []
        handle(message, out.append)
        if out:
            self.send(200, json.dumps(out[-1]).encode())
        else:
            time.sleep(600)

    def do_GET(self):
        self.send(405)


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Handler)
server.daemon_threads = True
print(f"port={server.server_address[1]}", file=sys.stderr, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
