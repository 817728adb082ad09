"""An MCP server over HTTP whose tool `build` runs as a task that outlives its clients. Speaks the protocol by hand.

usage: durable_task_server.py FOLDER modern|session

`modern` is 2026-07-28 with the extension, `session` is 2025-11-25. A task ends when the file `done` is in the folder;
while `forget` is there tasks are unknown. The file `calls` in the folder has one line for each call, and for each task
that was cancelled. Says its port on standard error, and the tasks that were cancelled.
"""
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder, mode = sys.argv[1:3]
IS_MODERN = mode == "modern"
TIME = "2026-01-01T00:00:00Z"
lock = threading.Lock()
tasks = set()


def has(name):
    return os.path.exists(os.path.join(folder, name))


def write_down(text):
    with lock, open(os.path.join(folder, "calls"), "a") as calls:
        calls.write(text + "\n")


class Refusal(Exception):
    pass


def described(task):
    names = ("ttlMs", "pollIntervalMs") if IS_MODERN else ("ttl", "pollInterval")
    status = "completed" if has("done") else "working"
    return {"taskId": task, "status": status, "createdAt": TIME, "lastUpdatedAt": TIME, names[0]: None, names[1]: 50}


def outcome(task):
    return {"content": [{"type": "text", "text": json.dumps({"built": task})}], "isError": False}


def known(params):
    if params["taskId"] not in tasks or has("forget"):
        raise Refusal(f"Task not found: {params['taskId']}")
    return params["taskId"]


def answer(method, params):
    if method == "initialize":
        tasks_capability = {"list": {}, "cancel": {}, "requests": {"tools": {"call": {}}}}
        return {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}, "tasks": tasks_capability},
                "serverInfo": {"name": "durable", "version": "1"}}
    if method == "server/discover":
        return {"supportedVersions": ["2026-07-28"], "ttlMs": 0, "cacheScope": "private",
                "capabilities": {"tools": {}, "extensions": {"io.modelcontextprotocol/tasks": {}}}}
    if method == "tools/list":
        tool = {"name": "build", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": False}}
        if not IS_MODERN:
            tool["execution"] = {"taskSupport": "required"}
        return {"tools": [tool], **({"ttlMs": 0, "cacheScope": "private"} if IS_MODERN else {})}
    if method == "tools/call":
        if not IS_MODERN and "task" not in params:
            raise Refusal("the tool runs as a task only")
        task = f"task-{len(tasks) + 1}"
        tasks.add(task)
        write_down("call")
        return {"resultType": "task", **described(task)} if IS_MODERN else {"task": described(task)}
    if method == "tasks/get":
        task = known(params)
        state = described(task)
        if IS_MODERN and state["status"] == "completed":
            state["result"] = {"resultType": "complete", **outcome(task)}
        return state
    if method == "tasks/result":
        task = known(params)
        return {**outcome(task), "_meta": {"io.modelcontextprotocol/related-task": {"taskId": task}}}
    if method == "tasks/cancel":
        write_down("cancel")
        print(f"cancelled {params['taskId']}", file=sys.stderr, flush=True)
        return {} if IS_MODERN else {**described(known(params)), "status": "cancelled"}
    return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send(self, status, value=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.send(405)

    do_DELETE = do_GET

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "id" not in message:
            return self.send(202)
        head = {"jsonrpc": "2.0", "id": message["id"]}
        method = message["method"]
        foreign = ("initialize", "ping", "tasks/result") if IS_MODERN else ("server/discover",)
        if method in foreign:
            return self.send(404 if IS_MODERN else 200, {**head, "error": {"code": -32601, "message": f"no {method}"}})
        try:
            result = answer(method, message.get("params") or {})
        except Refusal as refusal:
            return self.send(200, {**head, "error": {"code": -32602, "message": str(refusal)}})
        self.send(200, {**head, "result": {"resultType": "complete", **result} if IS_MODERN else result})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(f"port={server.server_port}", file=sys.stderr, flush=True)
server.serve_forever()
