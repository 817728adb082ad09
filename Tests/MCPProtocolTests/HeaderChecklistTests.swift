import JSON
import MCPProtocol
import Testing

@Suite("Checklist: headers of the modern era")
struct HeaderChecklistTests {
    private func code(_ body: String, _ headers: [(String, String)], _ schema: JSONObject = [:]) throws -> Int64? {
        let output = try modern(body, MCPHTTPHeaders(headers).routing, profile: fullProfile) { _ in schema }
        if output.errorCode == -32020 { #expect(output.status == 400) }
        return output.errorCode
    }

    private let call = #""method":"tools/call","params":{"name":"t",\#(envelope)}"#
    private let version = ("MCP-Protocol-Version", "2026-07-28")
    private let method = ("Mcp-Method", "tools/call")
    private let name = ("Mcp-Name", "t")

    @Test("S-28 the version header is there and says what the body says")
    func versionHeader() throws {
        #expect(try code(call, [version, method, name]) == nil)
        #expect(try code(call, [method, name]) == -32020)
        #expect(try code(call, [("MCP-Protocol-Version", "2025-11-25"), method, name]) == -32020)
        #expect(try code(call, [version, version, method, name]) == -32020)
    }

    @Test("S-29 the method header is there and says what the body says")
    func methodHeader() throws {
        #expect(try code(call, [version, name]) == -32020)
        #expect(try code(call, [version, ("Mcp-Method", "tools/list"), name]) == -32020)
        #expect(try code(call, [version, ("Mcp-Method", "TOOLS/CALL"), name]) == -32020)
        #expect(try code(call, [version, method, method, name]) == -32020)
    }

    @Test(
        "S-30 the name header is there and says what the body says, after decoding",
        arguments: [
            ("tools/call", #""name":"t""#, "t"), ("prompts/get", #""name":"ä ö""#, "=?base64?w6Qgw7Y=?="),
            ("resources/read", #""uri":"exec://ä/1""#, "=?base64?ZXhlYzovL8OkLzE=?="),
        ]
    )
    func nameHeader(method: String, member: String, value: String) throws {
        let body = #""method":"\#(method)","params":{\#(member),\#(envelope)}"#
        let headers = [version, ("Mcp-Method", method)]
        #expect(try code(body, headers + [("Mcp-Name", value)]) == nil)
        #expect(try code(body, headers) == -32020)
        #expect(try code(body, headers + [("Mcp-Name", "other")]) == -32020)
        #expect(try code(body, headers + [("Mcp-Name", value), ("mcp-name", value)]) == -32020)
    }

    @Test("S-31 a task's name header may be missing but not wrong")
    func taskHeader() throws {
        let body = #""method":"tasks/get","params":{"taskId":"t-1",\#(envelope(declaring: tasks))}"#
        let headers = [version, ("Mcp-Method", "tasks/get")]
        #expect(try code(body, headers) == nil)
        #expect(try code(body, headers + [("Mcp-Name", "t-1")]) == nil)
        #expect(try code(body, headers + [("Mcp-Name", "t-2")]) == -32020)
    }

    private let schema: JSONObject = [
        "type": "object",
        "properties": [
            "region": ["type": "string", "x-mcp-header": "Region"],
            "deep": ["type": "object", "properties": ["n": ["type": "integer", "x-mcp-header": "N"]]],
            "flag": ["type": "boolean", "x-mcp-header": "flag"],
            "plain": ["type": "string"],
        ],
    ]

    @Test(
        "S-32 parameter headers are held against the arguments",
        arguments: [
            (#"{"region":"us west 1"}"#, [("Mcp-Param-Region", "us west 1")], true),
            (#"{"region":"us"}"#, [], false), (#"{}"#, [("Mcp-Param-Region", "us")], false), (#"{}"#, [], true),
            (#"{"region":null}"#, [], true), (#"{"region":"us"}"#, [("mcp-param-REGION", "us")], true),
            (#"{"region":"us"}"#, [("Mcp-Param-Region", "US")], false),
            (#"{"region":"Hello"}"#, [("Mcp-Param-Region", "=?base64?SGVsbG8=?=")], true),
            (#"{"region":"Hello"}"#, [("Mcp-Param-Region", "=?base64?SGVsbG8?=")], false),
            (#"{"region":"Hello"}"#, [("Mcp-Param-Region", "=?base64?SGVs!!!bG8=?=")], false),
            (#"{"region":"=?base64?SGVsbG8="}"#, [("Mcp-Param-Region", "=?base64?SGVsbG8=")], true),
            (#"{"region":"SGVsbG8=?="}"#, [("Mcp-Param-Region", "SGVsbG8=?=")], true),
            (#"{"region":"=?BASE64?SGVsbG8=?="}"#, [("Mcp-Param-Region", "=?BASE64?SGVsbG8=?=")], true),
            (#"{"deep":{"n":42}}"#, [("Mcp-Param-N", "42")], true),
            (#"{"deep":{"n":42}}"#, [("Mcp-Param-N", "042")], true),
            (#"{"deep":{"n":42}}"#, [("Mcp-Param-N", "43")], false), (#"{"deep":{"n":42}}"#, [], false),
            (#"{"flag":true}"#, [("Mcp-Param-Flag", "true")], true),
            (#"{"flag":true}"#, [("Mcp-Param-Flag", "1")], false),
            (#"{"plain":"x"}"#, [], true), (#"{"region":""}"#, [("Mcp-Param-Region", "")], true),
        ]
    )
    func parameterHeaders(arguments: String, headers: [(String, String)], isServed: Bool) throws {
        let body = #""method":"tools/call","params":{"name":"t","arguments":\#(arguments),\#(envelope)}"#
        #expect(try code(body, [version, method, name] + headers, schema) == (isServed ? nil : -32020))
    }

    @Test(
        "S-32 annotations that break the rules ask for nothing",
        arguments: [
            #"{"type":"number","x-mcp-header":"A"}"#, #"{"type":["string"],"x-mcp-header":"A"}"#,
            #"{"type":"string","x-mcp-header":"a b"}"#, #"{"type":"string","x-mcp-header":""}"#,
            #"{"type":"array","items":{"type":"string","x-mcp-header":"A"}}"#,
            #"{"anyOf":[{"type":"string","x-mcp-header":"A"}]}"#,
        ]
    )
    func brokenAnnotations(property: String) throws {
        let schema: JSONObject = ["properties": ["p": try JSONValue(parsing: property)]]
        #expect(ParameterHeaders(schema).isEmpty)
    }

    @Test("annotations are taken out of a schema wherever they are keywords, and nothing else is")
    func stripping() {
        let schema: JSONObject = [
            "type": "object",
            "properties": [
                "x-mcp-header": ["type": "string", "x-mcp-header": "A"],
                "list": ["type": "array", "items": ["type": "string", "x-mcp-header": "B"]],
                "data": ["default": ["x-mcp-header": 1], "const": ["x-mcp-header": 2]],
            ], "allOf": [["x-mcp-header": "C", "minProperties": 1]],
        ]
        let plain: JSONObject = [
            "type": "object",
            "properties": [
                "x-mcp-header": ["type": "string"], "list": ["type": "array", "items": ["type": "string"]],
                "data": ["default": ["x-mcp-header": 1], "const": ["x-mcp-header": 2]],
            ], "allOf": [["minProperties": 1]],
        ]
        #expect(ParameterHeaders.stripped(schema) == plain)
        #expect(ParameterHeaders.stripped(plain) == plain)
    }

    @Test("S-33 names of headers ignore case, values do not, outer space goes")
    func spelling() throws {
        let spelled = [("mcp-PROTOCOL-version", "2026-07-28"), ("MCP-METHOD", "\t tools/call "), ("mcp-name", "  t ")]
        #expect(try code(call, spelled) == nil)
        #expect(try code(call, [version, method, ("Mcp-Name", "T")]) == -32020)
    }

    @Test("S-28 the ladder: envelope, headers, version, parameter headers, method, parameters")
    func ladder() throws {
        let noEnvelope = #""method":"nobody/knows","params":{}"#
        #expect(try code(noEnvelope, []) == -32602)
        let oldVersion =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"1999","io.modelcontextprotocol/clientCapabilities":{}}"#
        let old = #""method":"tools/call","params":{"name":"t",\#(oldVersion)}"#
        #expect(try code(old, [version, method, name]) == -32020)
        #expect(try code(old, [("MCP-Protocol-Version", "1999"), method, name]) == -32022)
        let arguments = #""method":"tools/call","params":{"name":"t","arguments":{"region":"x"},\#(envelope)}"#
        #expect(try code(arguments, [version, method, name], schema) == -32020)
        let unknown = #""method":"nobody/knows","params":{\#(envelope)}"#
        #expect(try code(unknown, [version, ("Mcp-Method", "nobody/knows")]) == -32601)
        let noName = #""method":"tools/call","params":{\#(envelope)}"#
        #expect(try code(noName, [version, method]) == -32602)
    }

    @Test("S-39 a posted cancellation cancels nothing; S-35 it is accepted; S-40 the session is not looked at")
    func postedCancellation() throws {
        let text = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
        let headers = MCPHTTPHeaders([version, ("Mcp-Session-Id", "s"), ("Last-Event-ID", "1-1")])
        guard case .accepted = HTTPAdmission(posting: try message(text), headers) else {
            Issue.record("not accepted")
            return
        }
        guard case .modern = HTTPAdmission(posting: .request(try request(call)), headers) else {
            Issue.record("not modern")
            return
        }
    }
}
