"""Passes HTTP on to an MCP server; every message of every body and event is noted in a file.

usage: http_tap.py FILE PORT-OF-THE-SERVER [forever]

Says its own port on standard error and ends with its input, or when it is killed. Lines of the file are `client TEXT` and `server TEXT`.
"""
import http.client
import json
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

path, upstream = sys.argv[1], int(sys.argv[2])
lock = threading.Lock()
notes = open(path, "ab", buffering=0)


def note(side, text):
    if not text.strip():
        return
    try:
        text = json.dumps(json.loads(text)).encode()
    except ValueError:
        text = text.replace(b"\n", b" ")
    with lock:
        notes.write(side + b" " + text + b"\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        note(b"client", body)
        connection = self.reach()
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", f"127.0.0.1:{upstream}")
        for name, value in self.headers.items():
            if name.lower() not in ("host", "connection"):
                connection.putheader(name, value)
        connection.endheaders(body or None)
        threading.Thread(target=self.watch, args=(connection,), daemon=True).start()
        try:
            answer = connection.getresponse()
            self.answer(answer)
        except (OSError, http.client.HTTPException):
            pass
        self.close_connection = True
        connection.close()

    def reach(self):
        """The server may need a while to come up."""
        end = time.monotonic() + 30
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", upstream)
            try:
                connection.connect()
                return connection
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def watch(self, connection):
        """A client that leaves ends the request at the server too."""
        try:
            if self.connection.recv(1, socket.MSG_PEEK) == b"" and connection.sock:
                connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def answer(self, answer):
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Connection", "close")
        if answer.length is not None:
            self.send_header("Content-Length", str(answer.length))
        self.end_headers()
        kind = answer.getheader("Content-Type", "")
        data, event, whole = [], b"message", b""
        while True:
            piece = answer.readline() if kind.startswith("text/event-stream") else answer.read()
            if not piece:
                break
            line = piece.rstrip(b"\r\n")
            if not kind.startswith("text/event-stream"):
                whole += piece
            elif not line:
                if event == b"message":
                    note(b"server", b"\n".join(data))
                data, event = [], b"message"
            elif line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif line.startswith(b"event:"):
                event = line[6:].strip()
            # Noted before it is passed on: what follows from a message comes after it in the file.
            if whole and kind.startswith("application/json"):
                note(b"server", whole)
                whole = b""
            self.wfile.write(piece)
            self.wfile.flush()

    do_GET = do_POST = do_DELETE = do_OPTIONS = pass_on


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
print(f"port={server.server_address[1]}", file=sys.stderr, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
if len(sys.argv) > 3:
    threading.Event().wait()
sys.stdin.read()
os._exit(0)
