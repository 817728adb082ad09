"""Measures muster as an MCP server side by side with Python's official package, for Scripts/bench.

Both are driven by the same client, one call at a time: legacy handshake, then the same request until the time is over.
"""
import http.client
import json
import os
import pathlib
import socket
import statistics
import subprocess
import time
import urllib.parse

PEER = pathlib.Path(__file__).resolve().parent.parent / "Benchmarks/Python/mcp_peer.py"
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}


class Talk:
    """A session with a server; `ask` gives the answer's result."""

    def __init__(self) -> None:
        self.number = 0
        self.ask("initialize", HELLO)
        self.tell({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def ask(self, method: str, params: dict) -> dict:
        self.number += 1
        answer = self.exchange({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}, self.number)
        if "result" not in answer or answer["result"].get("isError"):
            raise RuntimeError(f"{method}: {json.dumps(answer)[:500]}")
        return answer["result"]

    def all_tools(self) -> list[dict]:
        tools, params = [], {}
        while True:
            page = self.ask("tools/list", params)
            tools += page["tools"]
            if "nextCursor" not in page:
                return tools
            params = {"cursor": page["nextCursor"]}


class StdioTalk(Talk):
    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        super().__init__()

    def tell(self, message: dict) -> None:
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def exchange(self, message: dict, number: int) -> dict:
        self.tell(message)
        while line := self.process.stdout.readline():
            answer = json.loads(line)
            if answer.get("id") == number and "method" not in answer:
                return answer
        raise RuntimeError("the server has ended")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)


class HTTPTalk(Talk):
    def __init__(self, url: str) -> None:
        address = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fields = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        super().__init__()

    def tell(self, message: dict) -> bytes:
        self.connection.request("POST", "/mcp", json.dumps(message).encode(), self.fields)
        answer = self.connection.getresponse()
        self.fields.update({"Mcp-Session-Id": answer.getheader("Mcp-Session-Id")} if answer.getheader("Mcp-Session-Id") else {})
        text = answer.read()
        if answer.getheader("Content-Type", "").startswith("text/event-stream"):
            text = next(line[5:] for line in text.splitlines() if line.startswith(b"data:") and line[5:].strip())
        return text

    def exchange(self, message: dict, number: int) -> dict:
        return json.loads(self.tell(message))

    def close(self) -> None:
        self.connection.close()


def latencies(talk: Talk, tool: str, arguments: dict, seconds: float) -> list[float]:
    taken, end = [], time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end or len(taken) < 3:
        talk.ask("tools/call", {"name": tool, "arguments": arguments})
        taken.append(time.perf_counter() - begun)
    return taken


def row(taken: list[float]) -> tuple[float, float, float]:
    """Calls per second, median and 99th percentile in seconds."""
    ordered = sorted(taken)
    return len(taken) / sum(taken), statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def say(figures: tuple[float, float, float]) -> str:
    return f"{figures[0]:,.0f}/s p50 {figures[1] * 1e6:,.0f} p99 {figures[2] * 1e6:,.0f} µs"


def wait_for_peer(talk: Talk) -> None:
    """Servers behind muster start beside the listener."""
    deadline = time.monotonic() + 60
    while all(tool["name"] != "x_peer_echo" for tool in talk.all_tools()):
        if time.monotonic() > deadline:
            raise RuntimeError("Python's server is not there after 60 seconds")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configure(folder: pathlib.Path, tools: int) -> pathlib.Path:
    (folder / "mcpservers").mkdir(parents=True)
    spec = {"type": "stdio", "command": "python3", "args": [str(PEER), "stdio", str(tools)], "autoStart": True, "timeout": 60}
    document = {"kind": "MCPServer", "metadata": {"name": "peer"}, "spec": spec}
    (folder / "mcpservers/peer.yaml").write_text(json.dumps(document), encoding="utf-8")
    return folder


def measure(build: pathlib.Path, folder: pathlib.Path, smoke: bool, serve, table) -> None:
    """`serve` starts a command that says where it listens; `table` takes rows."""
    seconds, turns, many = (0.2, 1, 200) if smoke else (1.0, 3, 10_000)
    muster, python = str(build / "muster"), ["python3", str(PEER)]
    words = ["serve", "--config-path", str(configure(folder / "few", 0))]
    servers = [serve([muster, *words, "--host", "127.0.0.1", "--port", "0"]), serve([*python, "http", str(free_port()), "0"])]
    talks: list[Talk] = []
    try:
        wait_for_port(servers[1].url)
        for transport in ("HTTP", "stdio"):
            if transport == "HTTP":
                mine, other = HTTPTalk(servers[0].url), HTTPTalk(servers[1].url)
            else:
                mine, other = StdioTalk([muster, *words, "--transport", "stdio"]), StdioTalk([*python, "stdio", "0"])
            talks += [mine, other]
            wait_for_peer(mine)
            taken: dict[str, list[float]] = {"core": [], "proxied": [], "python": []}
            for _ in range(turns):
                taken["core"] += latencies(mine, "core_workflow_list", {}, seconds)
                taken["python"] += latencies(other, "echo", {"text": "hello"}, seconds)
                taken["proxied"] += latencies(mine, "x_peer_echo", {"text": "hello"}, seconds)
            core, proxied, peer = (row(taken[name]) for name in ("core", "proxied", "python"))
            table.add(f"core_workflow_list over {transport}", say(core), "echo of Python's server", say(peer),
                      f"{core[1] / peer[1]:.2f} ×")
            table.add(f"echo of Python's server behind muster, {transport}", say(proxied), "the same, asked directly", say(peer),
                      f"{proxied[1] / peer[1]:.2f} ×")
        for talk in talks:
            talk.close()
        talks.clear()
        measure_many(folder, muster, python, many, turns, table)
    finally:
        for talk in talks:
            talk.close()
        for server in servers:
            server.stop()


def measure_many(folder: pathlib.Path, muster: str, python: list[str], many: int, turns: int, table) -> None:
    configuration = configure(folder / "many", many)
    talks = [StdioTalk([muster, "serve", "--transport", "stdio", "--config-path", str(configuration)]),
             StdioTalk([*python, "stdio", str(many)])]
    try:
        wait_for_peer(talks[0])
        times: list[list[float]] = [[], []]
        for _ in range(turns * 3):
            for talk, taken in zip(talks, times):
                begun = time.perf_counter()
                talk.all_tools()
                taken.append(time.perf_counter() - begun)
        mine, other = (statistics.median(taken) * 1000 for taken in times)
        table.add(f"tools/list of {many:,} tools, all pages", f"{mine:,.1f} ms", "Python's server", f"{other:,.1f} ms",
                  f"{mine / other:.2f} ×")
    finally:
        for talk in talks:
            talk.close()


def wait_for_port(url: str) -> None:
    address = urllib.parse.urlsplit(url)
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection((address.hostname, address.port)).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def has_peer() -> bool:
    return subprocess.run(["python3", "-c", "import mcp"], capture_output=True, check=False, env=dict(os.environ)).returncode == 0
