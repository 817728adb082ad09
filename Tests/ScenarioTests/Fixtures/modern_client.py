"""A client of the modern era by hand: makes the requests of a JSON array one after the other; with `until` again and
again until the answer has that text, with `answer` to a question in between. Prints questions and JSON-RPC answers.

usage: modern_client.py URL REQUESTS
"""
import json
import sys
import time
import urllib.error
import urllib.request

VERSION = "2026-07-28"
url = sys.argv[1]
capabilities = {"elicitation": {"form": {}}}


def post(number, method, params):
    meta = {"io.modelcontextprotocol/protocolVersion": VERSION, "io.modelcontextprotocol/clientCapabilities": capabilities}
    body = {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, "_meta": meta}}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
               "MCP-Protocol-Version": VERSION, "Mcp-Method": method}
    name = params.get("name") or params.get("uri")
    if name:
        headers["Mcp-Name"] = name
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
    lines = [line[5:] for line in text.splitlines() if line.startswith("data:")]
    return json.loads(lines[-1] if lines else text)


for number, line in enumerate(json.loads(sys.argv[2]), 1):
    answer = post(number, line["method"], line.get("params", {}))
    while line.get("until") and line["until"] not in json.dumps(answer):
        time.sleep(0.05)
        answer = post(number, line["method"], line.get("params", {}))
    result = answer.get("result", {})
    if result.get("resultType") == "input_required":
        key = next(iter(result["inputRequests"]))
        content = {"action": "accept", "content": line["answer"]}
        params = {**line["params"], "inputResponses": {key: content}, "requestState": result["requestState"]}
        print(json.dumps(result["inputRequests"][key]), flush=True)
        answer = post(1000 + number, line["method"], params)
    print(json.dumps(answer), flush=True)
