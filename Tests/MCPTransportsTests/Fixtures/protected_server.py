"""A protected MCP server and an authorization server, on two ports: `protected_server.py OPTIONS`, a JSON object. Says
`ports=MCP,AS` on standard error, tells every request as a line of JSON, and ends with its input. MCP by hand, legacy.

Options (all may be left out):
    metadata            where the resource's metadata are: header, path, root, none
    resource, servers   what they say instead of the truth; AS and MCP in texts stand for the origins
    resource_redirect   they are a redirect to this
    huge                bytes by which all metadata are longer
    issuer_path         of the authorization server, e.g. /tenant
    place               of its metadata: oauth, openid, appended, none
    server              members of its metadata instead of the usual ones; null takes one away
    iss, state          right, wrong, none (state: right, wrong)
    refusal             error with which logins end
    scope               named in challenges
    entry               scopes that a session needs
    lifetime            seconds of an access token
    renewal             rotate, keep, refuse, none, hang
    refuses_all         401 whatever the token
    hang                paths that are never answered
Tools: read, and write, which needs the scope "write"; never, which needs a new scope each time.
GET /control/revoke at the authorization server ends all access tokens, /control/move?issuer=AS/new moves it.
"""
import base64
import hashlib
import json
import secrets
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

options = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
lock = threading.Lock()
clients, codes, tokens, refreshes = {}, {}, {}, {}
wishes = 0


def tell(server, handler, body):
    path, _, query = handler.path.partition("?")
    line = {"server": server, "method": handler.command, "path": path, "query": dict(urllib.parse.parse_qsl(query)),
            "authorization": handler.headers.get("Authorization"), "body": body}
    with lock:
        print(json.dumps(line), flush=True)


def filled(value):
    if isinstance(value, str):
        return value.replace("MCP", mcp_origin).replace("AS", as_origin)
    if isinstance(value, list):
        return [filled(item) for item in value]
    return value


def changed(document, changes):
    for key, value in changes.items():
        if value is None:
            document.pop(key, None)
        else:
            document[key] = filled(value)
    if options.get("huge"):
        document["padding"] = "x" * options["huge"]
    return document


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, document=None, **fields):
        data = json.dumps(document).encode() if document is not None else b""
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        if data:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def hangs(self):
        if self.path.partition("?")[0] in options.get("hang", []):
            time.sleep(600)


class Protected(Handler):
    def do_GET(self):
        self.hangs()
        tell("mcp", self, None)
        place = {"header": "/own-metadata", "path": "/.well-known/oauth-protected-resource/mcp",
                 "root": "/.well-known/oauth-protected-resource"}.get(options.get("metadata", "path"))
        if self.path == place:
            if "resource_redirect" in options:
                return self.answer(302, Location=filled(options["resource_redirect"]))
            document = {"resource": mcp_origin + "/mcp", "authorization_servers": [issuer()]}
            if "scopes" in options:
                document["scopes_supported"] = options["scopes"]
            changes = {}
            if "resource" in options:
                changes["resource"] = options["resource"]
            if "servers" in options:
                changes["authorization_servers"] = options["servers"]
            return self.answer(200, changed(document, changes))
        if self.path == "/mcp":
            return self.answer(405)
        # A server of 2025-03-26 is its own authorization server.
        if options.get("metadata") == "none" and options.get("place") == "none":
            return Authority.get(self)
        self.answer(404)

    def refuse(self, status, **parts):
        if options.get("metadata") == "header":
            parts["resource_metadata"] = mcp_origin + "/own-metadata"
        text = ", ".join(f'{name}="{value}"' for name, value in parts.items())
        self.answer(status, {"error": "no"}, WWW_Authenticate=f"Bearer {text}".strip())

    def do_POST(self):
        self.hangs()
        data = self.body()
        if self.path in ("/token", "/register"):
            return Authority.post(self, data)
        message = json.loads(data)
        tell("mcp", self, message)
        word, _, token = (self.headers.get("Authorization") or "").partition(" ")
        grant = tokens.get(token) if word == "Bearer" else None
        if options.get("refuses_all") or grant is None or grant["expiry"] < time.time():
            parts = {"scope": options["scope"]} if "scope" in options else {}
            return self.refuse(401, **parts)
        method, params = message.get("method"), message.get("params", {})
        if "id" not in message:
            return self.answer(202)
        result = {"content": [{"type": "text", "text": "done"}]}
        if method == "initialize" and not set(options.get("entry", "").split()) <= set(grant["scope"]):
            return self.refuse(403, error="insufficient_scope", scope=options["entry"])
        if method == "initialize":
            result = {"protocolVersion": "2025-06-18", "serverInfo": {"name": "protected", "version": "1"},
                      "capabilities": {"tools": {}}}
        elif method == "tools/list":
            result = {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in ("read", "write", "never")]}
        elif method == "server/discover":
            return self.answer(200, {"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no"}})
        elif method == "tools/call" and params["name"] == "write" and "write" not in grant["scope"]:
            return self.refuse(403, error="insufficient_scope", scope="write")
        elif method == "tools/call" and params["name"] == "never":
            global wishes
            wishes += 1
            return self.refuse(403, error="insufficient_scope", scope=f"more{wishes}")
        self.answer(200, {"jsonrpc": "2.0", "id": message["id"], "result": result})

    def do_DELETE(self):
        self.answer(200)


def issuer():
    return moved or as_origin + options.get("issuer_path", "")


moved = None


def server_metadata(origin):
    methods = ["none", "client_secret_basic", "client_secret_post"]
    return changed({
        "issuer": issuer(), "authorization_endpoint": origin + "/authorize", "token_endpoint": origin + "/token",
        "registration_endpoint": origin + "/register", "revocation_endpoint": origin + "/revoke", "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": methods,
        "authorization_response_iss_parameter_supported": True}, options.get("server", {}))


def grant(scope, resource, renews):
    token, refresh = "token-" + secrets.token_hex(8), "refresh-" + secrets.token_hex(8)
    lifetime = options.get("lifetime", 3600)
    tokens[token] = {"scope": scope.split(), "expiry": time.time() + lifetime, "resource": resource}
    document = {"access_token": token, "token_type": "Bearer", "expires_in": lifetime, "scope": scope}
    if options.get("renewal", "rotate") != "none":
        if renews:
            refreshes[refresh] = (scope, resource)
            document["refresh_token"] = refresh
    return document


class Authority(Handler):
    def do_GET(self):
        self.hangs()
        self.get()

    def do_POST(self):
        self.hangs()
        self.post(self.body())

    def get(self):
        global moved
        tell("as", self, None)
        path, _, text = self.path.partition("?")
        query = dict(urllib.parse.parse_qsl(text))
        if path == "/control/revoke":
            tokens.clear()
            return self.answer(200, {})
        if path == "/control/move":
            moved = filled(query["issuer"])
            return self.answer(200, {})
        base = issuer()[len(as_origin):]
        place = {"oauth": "/.well-known/oauth-authorization-server" + base, "openid": "/.well-known/openid-configuration" + base,
                 "appended": base + "/.well-known/openid-configuration"}.get(options.get("place", "oauth"))
        if path == place:
            return self.answer(200, server_metadata(as_origin))
        if path != "/authorize":
            return self.answer(404)
        if query.get("client_id") not in clients and query.get("client_id") != "configured":
            return self.answer(400, {"error": "unknown client"})
        back = {"state": query["state"] if options.get("state") != "wrong" else "wrong"}
        if options.get("iss", "right") != "none":
            back["iss"] = issuer() if options.get("iss", "right") == "right" else "https://evil.example"
        if "refusal" in options:
            back.update(error=options["refusal"], error_description="not today")
        else:
            code = secrets.token_hex(8)
            codes[code] = query
            back["code"] = code
        self.answer(302, Location=query["redirect_uri"] + "?" + urllib.parse.urlencode(back))

    def post(self, data):
        if self.path == "/register":
            document = json.loads(data)
            tell("as", self, document)
            client = "client-" + secrets.token_hex(4)
            clients[client] = document
            answer = dict(document, client_id=client)
            if document["token_endpoint_auth_method"] != "none":
                answer["client_secret"] = "secret-" + client
            return self.answer(201, answer)
        form = dict(urllib.parse.parse_qsl(data.decode()))
        tell("as", self, form)
        client = form.get("client_id")
        word, _, pair = (self.headers.get("Authorization") or "").partition(" ")
        if word == "Basic":
            client, _, secret = base64.b64decode(pair).decode().partition(":")
            if client in clients and secret != "secret-" + client:
                return self.answer(401, {"error": "invalid_client"})
        if self.path == "/revoke":
            tokens.pop(form["token"], None)
            refreshes.pop(form["token"], None)
            return self.answer(200)
        if self.path != "/token":
            return self.answer(404)
        if form["grant_type"] == "refresh_token":
            mode = options.get("renewal", "rotate")
            if mode == "hang":
                time.sleep(600)
            known = refreshes.get(form["refresh_token"])
            if mode == "refuse" or known is None or form.get("resource") != known[1]:
                return self.answer(400, {"error": "invalid_grant", "error_description": "it has ended"})
            if mode == "rotate":
                del refreshes[form["refresh_token"]]
            return self.answer(200, grant(known[0], known[1], mode == "rotate"))
        asked = codes.pop(form["code"], None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if (asked is None or digest != asked["code_challenge"] or asked["client_id"] != client
                or form["redirect_uri"] != asked["redirect_uri"] or form["resource"] != asked["resource"]):
            return self.answer(400, {"error": "invalid_grant"})
        self.answer(200, grant(asked.get("scope", ""), asked["resource"], True))


authority = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
protected = ThreadingHTTPServer(("127.0.0.1", 0), Protected)
for server in (authority, protected):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
as_origin = f"http://127.0.0.1:{authority.server_port}"
mcp_origin = f"http://127.0.0.1:{protected.server_port}"
print(f"ports={protected.server_port},{authority.server_port}", file=sys.stderr, flush=True)
sys.stdin.read()
