"""An HTTP server whose behaviour is chosen by its first argument. Speaks MCP by hand; says its port on standard error,
and one line for each request as JSON on standard output. Ends when its input does."""
import base64
import gzip
import json
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

mode = sys.argv[1]
P = "io.modelcontextprotocol/"
tool = {"name": "t", "description": "d", "inputSchema": {"type": "object"}}
lock = threading.Lock()
seen = {"sessions": 0, "streams": 0, "calls": 0, "lists": 0, "gets": 0}
valid = set()
pushes = []
LEGACY = ("legacy", "forgetful", "forgetful400", "retry", "lost", "push", "late-stream", "mute-stream")
answers = []
answered = threading.Event()


def log(entry):
    with lock:
        sys.stdout.write(json.dumps(entry) + "\n")
        sys.stdout.flush()


def tools():
    if mode == "headers":
        region = {"type": "string", "x-mcp-header": "Region"}
        good = {"type": "object", "properties": {"region": region, "deep": {"type": "object", "properties": {
            "count": {"type": "integer", "x-mcp-header": "Count"}, "flag": {"type": "boolean", "x-mcp-header": "Flag"}}}}}
        bad = [{"type": "object", "properties": {"a": {"type": kind, "x-mcp-header": name}}} for kind, name in [
            ("string", ""), ("object", "A"), ("array", "A"), ("null", "A"), ("string", "a b"), ("string", "a:b"),
            ("string", "\u00e4"), ("string", "a\u0001")]]
        bad.append({"type": "object", "properties": {"a": region, "b": region}})
        bad.append({"type": "object", "properties": {"a": region, "b": {"type": "string", "x-mcp-header": "REGION"}}})
        return [{"name": "valid_tool", "inputSchema": good}] + [
            {"name": f"invalid_{n}", "inputSchema": schema} for n, schema in enumerate(bad)]
    return [tool]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def note(self, body=None):
        log({"verb": self.command, "path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body,
             "time": time.monotonic()})

    def send(self, status, body=b"", kind="application/json", **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def event(self, message=None, id=None, retry=None, kind=None, raw=None):
        text = ""
        if kind:
            text += f"event: {kind}\r\n"
        if id:
            text += f"id: {id}\n"
        if retry is not None:
            text += f"retry: {retry}\r"
        text += "data: " + (raw if raw is not None else json.dumps(message) if message is not None else "") + "\n\n"
        self.wfile.write(text.encode())
        self.wfile.flush()

    # Requests

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        message = json.loads(body)
        self.note(message)
        method, id = message.get("method"), message.get("id")
        if mode == "unauthorized" and self.headers.get("Authorization") != "Bearer right":
            return self.send(401, {"error": "invalid_token"}, WWW_Authenticate='Bearer realm="x", error="invalid_token"')
        if mode == "redirect-elsewhere":
            return self.send(307, Location="http://127.0.0.2:9/mcp")
        if mode == "redirect-loop":
            return self.send(307, Location="/mcp")
        if mode == "redirect" and self.path == "/mcp":
            return self.send(308, Location="/other")
        if mode == "plain404" or (mode == "old" and self.path == "/mcp"):
            return self.send(404 if mode == "plain404" else 405, b"<html>no</html>", "text/html")
        if mode == "old":
            return self.old(message)
        if method is None:
            answers.append(message)
            answered.set()
            return self.send(202)
        if id is None:
            return self.send(202)
        if method == "server/discover":
            return self.discover(message)
        if method == "initialize":
            return self.initialize(message)
        if mode in LEGACY and self.headers.get("Mcp-Session-Id") not in valid:
            if mode == "forgetful400":
                return self.send(400, {"jsonrpc": "2.0", "id": None, "error": {"code": -32000, "message": "Bad Request: No valid session ID"}})
            return self.send(404, {"jsonrpc": "2.0", "id": None, "error": {"code": -32001, "message": "Session not found"}})
        if method == "tools/list":
            seen["lists"] += 1
            result = {"tools": tools(), "resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
            return self.send(200, {"jsonrpc": "2.0", "id": id, "result": result})
        if method == "tools/call":
            return self.call(message)
        if method == "subscriptions/listen":
            return self.listen(message)
        if method in ("ping",):
            return self.send(200, {"jsonrpc": "2.0", "id": id, "result": {}})
        if method.startswith("tasks/"):
            return self.task(message)
        return self.send(404, {"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "Method not found"}})

    def discover(self, message):
        id = message["id"]
        if mode in LEGACY:
            return self.send(400, {"jsonrpc": "2.0", "id": id, "error": {"code": -32000, "message": "Bad Request: Unsupported protocol version"}})
        if mode == "legacy-text":
            return self.send(406, b"Not Acceptable", "text/plain")
        if mode == "flip":
            seen["calls"] += 1
            if seen["calls"] == 1:
                return self.send(400, {"jsonrpc": "2.0", "id": id, "error": {
                    "code": -32022, "message": "Unsupported protocol version",
                    "data": {"supported": ["2026-07-28"], "requested": "2026-07-28"}}})
        if mode == "mismatch":
            return self.send(400, {"jsonrpc": "2.0", "id": id, "error": {"code": -32020, "message": "Header mismatch: x"}})
        if mode == "silent":
            time.sleep(600)
        capabilities = {"tools": {"listChanged": mode in ("listen", "listen-cut")}}
        if mode == "tasks":
            capabilities["extensions"] = {P + "tasks": {}}
        result = {"resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": capabilities, "ttlMs": 0,
                  "cacheScope": "private", "_meta": {P + "serverInfo": {"name": "new", "version": "2"}}}
        self.send(200, {"jsonrpc": "2.0", "id": id, "result": result})

    def initialize(self, message):
        if mode == "forgetful400" and seen["sessions"] > 0:
            # Long enough for a call in between.
            time.sleep(0.3)
        seen["sessions"] += 1
        session = f"session-{seen['sessions']}"
        valid.add(session)
        result = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "old", "version": "1"}}
        self.send(200, {"jsonrpc": "2.0", "id": message["id"], "result": result}, Mcp_Session_Id=session)

    def answer(self, message, text="ok", **more):
        result = {"content": [{"type": "text", "text": text}], **more}
        self.send(200, {"jsonrpc": "2.0", "id": message["id"], "result": result})

    def call(self, message):
        id, params = message["id"], message["params"]
        name = params["name"]
        seen["calls"] += 1
        if name == "forget":
            valid.clear()
            return self.answer(message)
        if name == "stream":
            self.stream()
            token = params.get("_meta", {}).get("progressToken")
            self.wfile.write(b"\xef\xbb\xbf: hello\r\n\r\n")
            self.event({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": token, "progress": 1}})
            self.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "working"}})
            self.event(kind="other", raw="ignored")
            text = json.dumps({"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": "streamed"}]}}, indent=1)
            self.wfile.write(b"event: message\n" + b"".join(b"data: " + line.encode() + b"\n" for line in text.split("\n")) + b"\n")
            return
        if name == "retry":
            self.stream()
            self.event(id="s1-1", retry=500)
            waiting["id"] = id
            return
        if name == "cut":
            self.stream()
            self.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "x"}})
            return
        if name == "ask":
            self.stream()
            self.event({"jsonrpc": "2.0", "id": "srv-1", "method": "elicitation/create", "params": {"mode": "form", "message": "Sure?", "requestedSchema": {"type": "object", "properties": {}}}})
            answered.wait(10)
            self.event({"jsonrpc": "2.0", "id": id, "result": {"content": [], "structuredContent": answers[-1]}})
            return
        if name == "ask-aside":
            # What is sent without a stream of the session is lost.
            with lock:
                stream = outbox.get("stream")
            if stream is None:
                return
            stream.event({"jsonrpc": "2.0", "id": "srv-2", "method": "elicitation/create", "params": {"mode": "form", "message": "Aside?", "requestedSchema": {"type": "object", "properties": {}}}})
            answered.wait(10)
            return self.answer(message, structuredContent=answers[-1])
        if name == "wait":
            self.stream()
            try:
                while True:
                    self.wfile.write(b": tick\n\n")
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                log({"closed": id})
            return
        if name == "stale" and seen["lists"] < 2:
            return self.send(400, {"jsonrpc": "2.0", "id": id, "error": {"code": -32020, "message": "Header mismatch: stale"}})
        if name == "mrtr":
            return self.mrtr(message)
        if name == "task":
            return self.send(200, {"jsonrpc": "2.0", "id": id, "result": {"resultType": "task", "taskId": "t-1", "status": "working",
                             "createdAt": "2026-01-01T00:00:00Z", "lastUpdatedAt": "2026-01-01T00:00:00Z", "ttlMs": None, "pollIntervalMs": 40}})
        if name == "html":
            return self.send(200, b"<html></html>", "text/html")
        if name == "no-json":
            return self.send(200, b"{nonsense")
        if name == "gzip":
            return self.send(200, gzip.compress(b" " * 1000000), Content_Encoding="gzip")
        if name == "wrong-id":
            return self.send(200, {"jsonrpc": "2.0", "id": 4711, "result": {"content": []}})
        if name == "twice":
            self.stream()
            for _ in range(2):
                self.event({"jsonrpc": "2.0", "id": id, "result": {"content": []}})
            return
        if name == "endless":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" " * 65536)
            except OSError:
                pass
            return
        if name == "endless-event":
            self.stream()
            try:
                self.wfile.write(b"data: ")
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                pass
            return
        if name == "flood":
            self.stream()
            for n in range(20000):
                self.wfile.write(b'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}\n\n')
            self.event({"jsonrpc": "2.0", "id": id, "result": {"content": []}})
            return
        if name == "drip":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass
            return
        if name == "large":
            return self.answer(message, "x" * params["arguments"]["size"])
        if name == "break":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self.connection.close()
            self.close_connection = True
            return
        if name == "error":
            return self.send(200, {"jsonrpc": "2.0", "id": id, "error": {"code": -32050, "message": "the disk is full"}})
        if name == "500":
            return self.send(500, b"out of order", "text/plain")
        self.answer(message, _meta=params.get("_meta", {}), structuredContent={"arguments": params.get("arguments", {})})

    def mrtr(self, message):
        params = message["params"]
        if "requestState" not in params:
            result = {"resultType": "input_required", "requestState": "opaque \u00fc 1", "inputRequests": {
                "ok": {"method": "elicitation/create", "params": {"mode": "form", "message": "Approve?", "requestedSchema": {"type": "object", "properties": {}}}}}}
        elif params["requestState"] == "opaque \u00fc 1":
            result = {"resultType": "input_required", "requestState": "opaque-2"}
        else:
            result = {"resultType": "complete", "content": [], "structuredContent": {"state": params["requestState"]}}
        self.send(200, {"jsonrpc": "2.0", "id": message["id"], "result": result})

    def task(self, message):
        method, params = message["method"], message["params"]
        common = {"resultType": "complete", "taskId": "t-1", "pollIntervalMs": 40}
        if method == "tasks/get":
            seen["gets"] += 1
            if seen["gets"] < 3:
                common.update(status="working", statusMessage=f"step {seen['gets']}")
            elif not answers:
                common.update(status="input_required", inputRequests={"a": {"method": "elicitation/create", "params": {"message": "Which?"}}})
            else:
                common.update(status="completed", result={"content": [], "structuredContent": {"answers": answers[0]}})
        elif method == "tasks/update":
            answers.append(params["inputResponses"])
            common = {"resultType": "complete"}
        else:
            log({"cancelled": params["taskId"]})
            common = {"resultType": "complete"}
        self.send(200, {"jsonrpc": "2.0", "id": message["id"], "result": common})

    def listen(self, message):
        seen["streams"] += 1
        tag = {"_meta": {P + "subscriptionId": message["id"]}}
        self.stream()
        self.event({"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": {**tag, "notifications": message["params"]["notifications"]}})
        self.event({"jsonrpc": "2.0", "method": "notifications/tools/list_changed", "params": {"_meta": {P + "subscriptionId": 4711}}})
        self.event({"jsonrpc": "2.0", "method": "notifications/tools/list_changed", "params": tag})
        if mode == "listen-cut":
            return
        time.sleep(600)

    # The stream of a session

    def do_GET(self):
        self.note()
        if mode == "old" and self.path == "/mcp":
            self.stream()
            self.event(kind="endpoint", raw="/messages?session=abc")
            outbox["wfile"] = self
            while True:
                time.sleep(0.05)
                with lock:
                    pending, pushes[:] = list(pushes), []
                for message in pending:
                    self.event(message, kind="message")
                if closing.is_set():
                    return
        if mode == "old-elsewhere":
            self.stream()
            self.event(kind="endpoint", raw="http://127.0.0.2:9/messages")
            time.sleep(600)
        if mode == "old-silent":
            self.stream()
            self.wfile.flush()
            time.sleep(600)
        if mode == "retry" and self.headers.get("Last-Event-ID"):
            self.stream()
            self.event({"jsonrpc": "2.0", "id": waiting["id"], "result": {"content": [{"type": "text", "text": "resumed after " + self.headers["Last-Event-ID"]}]}}, id="s1-2")
            return
        if mode == "mute-stream":
            time.sleep(600)
        if mode == "late-stream":
            time.sleep(0.4)
            with lock:
                self.stream()
                self.wfile.flush()
                outbox["stream"] = self
            time.sleep(600)
        if mode == "push":
            seen["streams"] += 1
            self.stream()
            self.event({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}, id=f"g-{seen['streams']}", retry=10)
            return
        self.send(405, Allow="POST")

    def do_DELETE(self):
        self.note()
        valid.discard(self.headers.get("Mcp-Session-Id"))
        self.send(200)

    def old(self, message):
        self.send(202, b"Accepted", "text/plain")
        id, method = message.get("id"), message.get("method")
        if id is None or method is None:
            return
        if method == "initialize":
            result = {"protocolVersion": "2024-11-05", "capabilities": {"tools": {}}, "serverInfo": {"name": "older", "version": "0"}}
        elif method == "tools/list":
            result = {"tools": tools()}
        elif message["params"]["name"] == "end":
            closing.set()
            return
        else:
            result = {"content": [{"type": "text", "text": "old"}]}
        with lock:
            pushes.append({"jsonrpc": "2.0", "id": id, "result": result})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


waiting = {}
outbox = {}
closing = threading.Event()
if mode == "gone":
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        print(f"port={free.getsockname()[1]}", file=sys.stderr, flush=True)
    sys.stdin.read()
    sys.exit(0)
if mode == "accepts-only":
    dumb = socket.socket()
    dumb.bind(("127.0.0.1", 0))
    dumb.listen()
    print(f"port={dumb.getsockname()[1]}", file=sys.stderr, flush=True)
    sys.stdin.read()
    sys.exit(0)
server = Server(("127.0.0.1", 0), Handler)
print(f"port={server.server_address[1]}", file=sys.stderr, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
