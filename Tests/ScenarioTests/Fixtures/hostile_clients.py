"""Does to a running muster what bad clients do, and prints what it saw as one JSON object.

usage: hostile_clients.py PORT PID ROUNDS

Each round has floods of sessions, connections that are closed half-way, bodies that drip or break off, streams that
nobody reads, and answers that nobody takes. Meanwhile a good client calls a tool and asks the listener: `slowest` is the
longest that took, in seconds, `good` how often it was done. `memory` is muster's in bytes: at the start, after the first
round, which fills up what is kept by design, and after the others. `refused` are the statuses that floods were told.
"""
import collections
import http.client
import json
import resource
import socket
import struct
import sys
import threading
import time

port, pid, rounds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
PREFIX = "io.modelcontextprotocol/"
ENVELOPE = {PREFIX + "protocolVersion": "2026-07-28", PREFIX + "clientCapabilities": {}}
refused = collections.Counter()


def request(method, params, id=1, verb="POST", path="/mcp"):
    """The bytes of a request by the modern rules."""
    body = json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": {**params, "_meta": ENVELOPE}})
    name = f"Mcp-Name: {params['name']}\r\n" if "name" in params else ""
    return (f"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: {method}\r\n"
            f"{name}Content-Length: {len(body)}\r\n\r\n{body}").encode()


def connect():
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    return connection


def abort(connection):
    """Closes without the usual end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_until(connection, isDone):
    text = b""
    while not isDone(text):
        piece = connection.recv(1 << 16)
        if not piece:
            break
        text += piece
    return text


def sessions(count):
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "flood", "version": "1"}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello})
    one = f"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    connection = connect()
    made = 0
    while made < count:
        some = min(50, count - made)
        connection.sendall(one * some)
        read_until(connection, lambda text: text.lower().count(b"mcp-session-id: ") >= some)
        made += some
    connection.close()


def half_closed(count):
    connections = [connect() for _ in range(count)]
    for number, connection in enumerate(connections):
        connection.sendall([b"", b"POST /mcp HT", b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
                            b"GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"][number % 4])
        connection.shutdown(socket.SHUT_WR)
    for connection in connections:
        # Half a connection is none: the server closes it.
        read_until(connection, lambda text: False)
        connection.close()


def drips(count):
    connections = [connect() for _ in range(count)]
    for connection in connections:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(20):
        for connection in connections:
            connection.sendall(b"x" * 100)
    for connection in connections:
        abort(connection)


def broken_bodies(count):
    head = b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
    connections = [connect() for _ in range(count)]
    for connection in connections:
        connection.sendall(head % (60 << 20))
    piece = b"[" * (1 << 20)
    for _ in range(20):
        for connection in connections:
            try:
                connection.sendall(piece)
            except OSError:
                pass
    for connection in connections:
        abort(connection)
    whole = connect()
    whole.sendall(head % (20 << 20))
    try:
        whole.sendall(piece * 20)
    except OSError:
        pass
    refused[read_until(whole, lambda text: b"\r\n" in text)[9:12].decode()] += 1
    whole.close()
    large = connect()
    large.sendall(head % (65 << 20))
    refused[read_until(large, lambda text: b"\r\n" in text)[9:12].decode()] += 1
    large.close()


def streams(count):
    connections = []
    for number in range(count):
        connection = connect()
        wanted = {"notifications": {"toolsListChanged": True, "resourceSubscriptions": [f"muster://workflows/{number}"]}}
        connection.sendall(request("subscriptions/listen", wanted) if number % 3 == 0
                           else b"GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        connections.append(connection)
    for connection in connections:
        refused[read_until(connection, lambda text: b"\r\n" in text)[9:12].decode()] += 1
    for number, connection in enumerate(connections):
        connection.close() if number % 2 else abort(connection)


def unread_answers(count):
    connections = [connect() for _ in range(count)]
    many = request("tools/list", {}) * 20
    for connection in connections:
        connection.settimeout(0.2)
        try:
            connection.sendall(many)
        except OSError:
            pass
    for connection in connections:
        abort(connection)


def cancelled_calls(count):
    connections = [connect() for _ in range(count)]
    for number, connection in enumerate(connections):
        connection.sendall(request("tools/call", {"name": "x_ledger_hang", "arguments": {"name": f"n{number}"}}))
    for connection in connections:
        abort(connection)


def call(tool, arguments):
    connection = connect()
    connection.sendall(request("tools/call", {"name": tool, "arguments": arguments}).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
    text = read_until(connection, lambda text: False)
    connection.close()
    return text


def healthy():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()


def memory():
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def settled():
    """The least within a few seconds: what was closed is given back by and by."""
    least = memory()
    for _ in range(30):
        healthy()
        time.sleep(0.1)
        least = min(least, memory())
    return least


slowest, good, over, faults = 0.0, 0, threading.Event(), []


def be_good():
    global slowest, good
    while not over.is_set():
        begun = time.monotonic()
        try:
            answer = call("x_ledger_look", {"name": "n"})
            assert b'"isError":true' not in answer and b"200 OK" in answer, answer[-300:]
            healthy()
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
            return
        slowest = max(slowest, time.monotonic() - begun)
        good += 1
        time.sleep(0.02)


def one_round(first):
    sessions(10500 if first else 2000)
    for flood, count in [(half_closed, 400), (drips, 200), (broken_bodies, 8), (streams, 2500), (unread_answers, 60),
                         (cancelled_calls, 20)]:
        flood(count)


end = time.monotonic() + 60
while b'"isError":true' in call("x_ledger_look", {"name": "n"}) or b'"error"' in call("x_ledger_look", {"name": "n"}):
    assert time.monotonic() < end
    time.sleep(0.05)
measured = [settled()]
thread = threading.Thread(target=be_good)
thread.start()
for number in range(rounds):
    one_round(number == 0)
    if number in (0, rounds - 1):
        measured.append(settled())
over.set()
thread.join()
print(json.dumps({"memory": measured, "slowest": slowest, "good": good, "faults": faults, "refused": refused}))
