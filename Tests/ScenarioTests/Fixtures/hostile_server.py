"""An MCP server whose tools do what bad servers do; `ok` does not.

usage: hostile_server.py stdio | hostile_server.py http PORT | hostile_server.py lies

`lies` is a stdio server whose list of tools is full of nonsense beside one good tool. Speaks the protocol by hand.
"""
import json
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

transport = sys.argv[1]
lock = threading.Lock()
lists = 0
names = ["ok", "garbage", "endless", "never", "twice", "wrong_id", "die", "flood", "storm", "wrong_result", "wrong_content",
         "wrong_structure", "large", "too_large", "drip", "deep", "half"]
number = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
NOTE = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "x" * 100}}
STORM = {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}


def good(name):
    tool = {"name": name, "description": name, "inputSchema": {"type": "object"}}
    if name == "wrong_structure":
        tool["outputSchema"] = number
    return tool


def tools():
    if transport != "lies":
        return [good(name) for name in names]
    ring = {"type": "object", "$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}
    deep = {"type": "object"}
    for _ in range(100):
        deep = {"type": "object", "properties": {"x": deep}}
    return [good("ok"), 7, None, "tool", {}, {"name": 3}, {"name": ""}, {"name": "no_schema"},
            {"name": "schema_is_number", "inputSchema": 7}, {"name": "schema_is_list", "inputSchema": []},
            {"name": "ring", "inputSchema": ring, "outputSchema": ring}, {"name": "deep", "inputSchema": deep},
            {"name": "far", "inputSchema": {"type": "object", "$ref": "http://192.0.2.1/schema.json"}},
            {"name": "dialect", "inputSchema": {"$schema": "http://nobody.example/dialect", "type": "object"}},
            {"name": "pattern", "inputSchema": {"type": "object", "properties": {"x": {"type": "string", "pattern": "(a+)+$"}}}},
            {"name": "x" * 10000, "inputSchema": {"type": "object"}}, {"name": "white space\n", "inputSchema": {"type": "object"}},
            {"name": "long", "description": "y" * 1000000, "inputSchema": {"type": "object"}, "annotations": "none"},
            {"name": "ok", "inputSchema": {"type": "object"}, "description": "the same name again"}]


def text(words, **more):
    return {"content": [{"type": "text", "text": words}], **more}


def reply(request, result):
    return {"jsonrpc": "2.0", "id": request["id"], "result": result}


def common(request):
    """The answer where the transport does not matter; None where it does."""
    global lists
    method = request.get("method")
    if method == "initialize":
        return reply(request, {"protocolVersion": "2025-06-18", "capabilities": {"tools": {"listChanged": True}},
                               "serverInfo": {"name": "hostile", "version": "1"}})
    if method == "ping":
        return reply(request, {})
    if method == "tools/list":
        lists += 1
        return reply(request, {"tools": tools()})
    if method != "tools/call":
        return {"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32601, "message": "Method not found"}}
    name = request["params"]["name"]
    results = {"ok": lambda: text(str(lists)), "wrong_result": lambda: 7, "wrong_content": lambda: {"content": {"a": 1}},
               "wrong_structure": lambda: text("{}", structuredContent={"n": "no number"}),
               "large": lambda: text("x" * (60 << 20)), "too_large": lambda: text("x" * (65 << 20))}
    return reply(request, results[name]()) if name in results else None


def deep(request):
    return b'{"jsonrpc":"2.0","id":%d,"result":' % request["id"] + b"[" * 100000 + b"]" * 100000 + b"}"


def write(data):
    with lock:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def send(message):
    write(json.dumps(message).encode() + b"\n")


def on_stdio(request):
    answer = common(request)
    if answer is not None:
        return send(answer)
    name, done = request["params"]["name"], reply(request, text("done"))
    if name == "garbage":
        write(bytes(range(256)) * 400 + b"\n" + b"{nonsense\n[1,2\n\n\n7\n\"text\"\n" + b"\xff\xfe\n" * 1000)
    elif name == "endless":
        for _ in range(70):
            write(b"x" * (1 << 20))
        return
    elif name == "never":
        return
    elif name == "drip":
        # Whoever waits has left before the end.
        with lock:
            for byte in json.dumps(done).encode() + b"\n":
                sys.stdout.buffer.write(bytes([byte]))
                sys.stdout.buffer.flush()
                time.sleep(0.015)
        return
    elif name == "half":
        return write(json.dumps(done).encode()[:20] + b"\n")
    elif name == "twice":
        send(done)
    elif name == "wrong_id":
        for id in (999999, str(request["id"]), None, {}, [], -1, 1.5):
            send({**done, "id": id})
        return
    elif name == "die":
        print("out of memory", file=sys.stderr, flush=True)
        os._exit(7)
    elif name in ("flood", "storm"):
        write((json.dumps(NOTE if name == "flood" else STORM).encode() + b"\n") * (50000 if name == "flood" else 2000))
    elif name == "deep":
        return write(deep(request) + b"\n")
    send(done)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send(self, status, body=b"", kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def do_GET(self):
        self.send(405)

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if request.get("method") == "server/discover":
            return self.send(400)
        if "id" not in request:
            return self.send(202)
        answer = common(request)
        if answer is not None:
            return self.send(200, json.dumps(answer).encode())
        try:
            self.misbehave(request, request["params"]["name"], reply(request, text("done")))
        except OSError:
            pass

    def misbehave(self, request, name, done):
        event = b"data: " + json.dumps(done).encode() + b"\n\n"
        if name == "garbage":
            self.send(200, bytes(range(256)) * 400)
        elif name == "endless":
            self.begin("application/json")
            for _ in range(70):
                self.wfile.write(b" " * (1 << 20))
            time.sleep(600)
        elif name == "never":
            self.begin("text/event-stream")
            self.wfile.flush()
            self.connection.recv(1)
        elif name == "drip":
            self.begin("application/json")
            for byte in json.dumps(done).encode():
                self.wfile.write(bytes([byte]))
                time.sleep(0.1)
        elif name == "half":
            self.begin("application/json")
            self.wfile.write(json.dumps(done).encode()[:20])
        elif name == "twice":
            self.begin("text/event-stream")
            self.wfile.write(event * 2)
        elif name == "wrong_id":
            self.send(200, json.dumps({**done, "id": 999999}).encode())
        elif name == "die":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self.close_connection = True
            self.connection.close()
        elif name in ("flood", "storm"):
            self.begin("text/event-stream")
            note = b"data: " + json.dumps(NOTE if name == "flood" else STORM).encode() + b"\n\n"
            self.wfile.write(note * (50000 if name == "flood" else 2000) + event)
        elif name == "deep":
            self.send(200, deep(request))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if transport == "http":
    Server(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
for line in sys.stdin:
    request = json.loads(line)
    if "id" in request and "method" in request:
        threading.Thread(target=on_stdio, args=(request,), daemon=True).start()
os._exit(0)
