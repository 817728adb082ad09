"""Calls a bad tool of a running muster again and again, and prints what it saw as one JSON object.

usage: hostile_driver.py PORT PID TOOL ROUNDS

While each call of TOOL is under way, the good server's tool and the listener are asked too. `answers` are what the bad
tool said, `slowest` is the longest that another call took, in seconds; `memory` is muster's after the warm-up and in
the end, in bytes; `recovered` says whether the bad server's good tool works afterwards, and what it said.
"""
import http.client
import json
import socket
import sys
import threading
import time

port, pid, bad, rounds = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
PREFIX = "io.modelcontextprotocol/"
ENVELOPE = {PREFIX + "protocolVersion": "2026-07-28", PREFIX + "clientCapabilities": {},
            PREFIX + "clientInfo": {"name": "driver", "version": "1"}}


def call(tool, arguments, patience=20):
    """The text of the answer with what kind of answer it is, or `gave up`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments, "_meta": ENVELOPE}}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
               "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool}
    try:
        connection.request("POST", "/mcp", json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
    except socket.timeout:
        return "gave up"
    finally:
        connection.close()
    if answer.getheader("Content-Type", "").startswith("text/event-stream"):
        text = [line[5:] for line in text.split(b"\n") if line.startswith(b"data:") and line[5:].strip()][-1]
    message = json.loads(text)
    if "error" in message:
        return "error: " + message["error"]["message"]
    result = message["result"]
    words = "".join(block.get("text", "") for block in result["content"])
    return ("failed: " if result.get("isError") else "fine: ") + (words if len(words) < 1000 else f"{len(words)} bytes")


def healthy():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()


def memory():
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def wait_for(tool, arguments):
    """At most 30 seconds: servers start beside the listener, and again after a pause."""
    end = time.monotonic() + 30
    while True:
        answer = call(tool, arguments)
        if answer.startswith("fine: ") or time.monotonic() > end:
            return answer
        time.sleep(0.05)


slowest = 0.0
answers = []
server = bad[:bad.index("_", 2)]


def one_round():
    global slowest
    # Those that never answer are left alone after a while.
    patience = 0.7 if bad.split("_", 2)[2] in ("never", "drip", "wrong_id", "half") else 60
    thread = threading.Thread(target=lambda: answers.append(call(bad, {}, patience)))
    thread.start()
    while True:
        begun = time.monotonic()
        assert call("x_ledger_look", {"name": "n"}).startswith("fine: ")
        healthy()
        slowest = max(slowest, time.monotonic() - begun)
        if not thread.is_alive():
            break
    thread.join()
    recovered = wait_for(server + "_ok", {})
    return recovered


assert wait_for("x_ledger_look", {"name": "n"}).startswith("fine: ")
wait_for(server + "_ok", {})
recovered = [one_round() for _ in range(2)]
before = memory()
recovered += [one_round() for _ in range(rounds)]
print(json.dumps({"answers": answers, "slowest": slowest, "memory": [before, memory()], "recovered": recovered}))
