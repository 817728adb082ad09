"""A modern stdio server whose lists count how often they were asked for: `aging_server.py [TTL [announces | tools]]`.

TTL are the milliseconds that a list is good. With `announces` it says that it tells of changes of resources, and refuses
to; with `tools` it has a tool, which is another one each time."""
import json
import sys

lists = 0
tool_lists = 0


def complete(**members):
    return {"resultType": "complete", **members}


for line in sys.stdin:
    request = json.loads(line)
    method, name = request.get("method"), request.get("params", {}).get("uri")
    error = None
    if method == "server/discover":
        announced = {"listChanged": True} if "announces" in sys.argv else {}
        result = complete(supportedVersions=["2026-07-28"], ttlMs=0, cacheScope="private",
                          capabilities={"tools": {}, "resources": announced})
    elif method == "tools/list":
        tool_lists += 1
        tool = {"name": f"t{tool_lists}", "description": "changes", "inputSchema": {"type": "object"}}
        result = complete(tools=[tool] if "tools" in sys.argv else [], ttlMs=0, cacheScope="private")
        if "tools" in sys.argv:
            result["ttlMs"] = int(sys.argv[1])
    elif method == "resources/list":
        lists += 1
        result = complete(resources=[{"uri": "list://now", "name": f"list {lists}"}])
        if sys.argv[1:]:
            result.update(ttlMs=int(sys.argv[1]), cacheScope="private")
    elif method == "resources/read":
        result = complete(contents=[{"uri": name, "text": f"{lists} lists"}], ttlMs=0, cacheScope="private")
    elif "id" in request:
        error = {"code": -32601, "message": "Method not found"}
    else:
        continue
    answer = {"error": error} if error else {"result": result}
    print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **answer}), flush=True)
