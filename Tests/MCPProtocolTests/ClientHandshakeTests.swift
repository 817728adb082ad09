import JSON
import MCPProtocol
import Testing

@Suite("Client handshake")
struct ClientHandshakeTests {
    private let modernResult: JSONObject = ["supportedVersions": ["2026-07-28", "2025-11-25"]]
    private let legacyResult: JSONObject = [
        "protocolVersion": "2025-06-18", "serverInfo": ["name": "s", "version": "1"],
    ]

    private func handshake(_ mode: MCPClientMode = .auto) -> ClientHandshake {
        ClientHandshake(mode: mode, clientInfo: MCPImplementation(name: "c", version: "1"))
    }

    private func names(_ actions: [ClientHandshake.Action]) throws -> [String] {
        try actions.map { action in
            switch action {
            case .send(let message): try JSONValue(parsing: message.bytes)["method"]?.stringValue ?? "?"
            case .startProbeTimer: "timer"
            case .finish(let facts): "finish \(facts.version)"
            case .fail(let text): "fail: \(text)"
            case .restartLegacy: "restart"
            case .tryEventStream: "event stream"
            }
        }
    }

    private func error(_ code: Int, supported: [String]? = nil) -> Result<JSONObject, JSONRPCError> {
        let data: JSONValue? = supported.map { ["supported": .array($0.map { .string($0) })] }
        return .failure(JSONRPCError(code: code, message: "e\(code)", data: data))
    }

    @Test func modernServerIsFoundByTheProbe() throws {
        var handshake = handshake()
        #expect(try names(handshake.start()) == ["server/discover", "timer"])
        let actions = handshake.receive(JSONRPCResponse(id: 1, result: .success(modernResult)))
        #expect(try names(actions) == ["finish 2026-07-28"])
        #expect(try names(handshake.probeTimedOut()) == [])
        #expect(handshake.nextID == 2)
    }

    @Test(arguments: [-32601, -32602, -32600, -32000, 1]) func anyOtherErrorMeansLegacy(code: Int) throws {
        var handshake = handshake()
        _ = handshake.start()
        #expect(try names(handshake.receive(JSONRPCResponse(id: 1, result: error(code)))) == ["initialize"])
        let actions = handshake.receive(JSONRPCResponse(id: 2, result: .success(legacyResult)))
        #expect(try names(actions) == ["notifications/initialized", "finish 2025-06-18"])
        #expect(handshake.nextID == 3)
    }

    @Test func discoveryWithoutOurModernVersionMeansLegacy() throws {
        var handshake = handshake()
        _ = handshake.start()
        let answer: JSONObject = ["supportedVersions": ["2025-11-25"]]
        #expect(try names(handshake.receive(JSONRPCResponse(id: 1, result: .success(answer)))) == ["initialize"])
    }

    @Test func refusedVersionIsTriedOnceMoreWhenTheServerNamesIt() throws {
        var handshake = handshake()
        _ = handshake.start()
        let refusal = error(-32022, supported: ["2026-07-28"])
        #expect(try names(handshake.receive(JSONRPCResponse(id: 1, result: refusal))) == ["server/discover"])
        let again = try names(handshake.receive(JSONRPCResponse(id: 2, result: refusal)))
        #expect(again.first?.hasPrefix("fail: no common protocol version") == true)
    }

    @Test func refusedVersionWithLegacyOnesMeansLegacy() throws {
        var handshake = handshake()
        _ = handshake.start()
        let refusal = error(-32022, supported: ["2025-06-18"])
        #expect(try names(handshake.receive(JSONRPCResponse(id: 1, result: refusal))) == ["initialize"])
    }

    @Test func nothingInCommonFails() throws {
        var handshake = handshake()
        _ = handshake.start()
        let actions = handshake.receive(JSONRPCResponse(id: 1, result: error(-32022, supported: ["2099-01-01"])))
        #expect(try names(actions).first?.contains("2099-01-01") == true)
    }

    @Test(arguments: [-32020, -32021]) func modernErrorsDoNotFallBack(code: Int) throws {
        var handshake = handshake()
        _ = handshake.start()
        #expect(try names(handshake.receive(JSONRPCResponse(id: 1, result: error(code)))) == ["fail: e\(code)"])
    }

    @Test func silenceMeansLegacyAndALateAnswerIsIgnored() throws {
        var handshake = handshake()
        _ = handshake.start()
        #expect(try names(handshake.probeTimedOut()) == ["initialize"])
        #expect(try names(handshake.receive(JSONRPCResponse(id: 1, result: .success(modernResult)))) == [])
    }

    @Test func lateModernServerIsProbedOnceMore() throws {
        var handshake = handshake()
        _ = handshake.start()
        _ = handshake.probeTimedOut()
        let refusal = error(-32022, supported: ["2026-07-28"])
        #expect(try names(handshake.receive(JSONRPCResponse(id: 2, result: refusal))) == ["server/discover"])
        let actions = handshake.receive(JSONRPCResponse(id: 3, result: .success(modernResult)))
        #expect(try names(actions) == ["finish 2026-07-28"])
    }

    @Test func endOfTheProcessAtTheProbeMeansAnotherStart() throws {
        var handshake = handshake()
        _ = handshake.start()
        #expect(try names(handshake.processEnded()) == ["restart"])
        var legacy = self.handshake(.legacy)
        #expect(try names(legacy.start()) == ["initialize"])
        #expect(try names(legacy.processEnded()) == [])
    }

    @Test func modernModeDoesNotFallBack() throws {
        var handshake = handshake(.modern)
        _ = handshake.start()
        #expect(try names(handshake.probeTimedOut()) == [])
        #expect(try names(handshake.receive(JSONRPCResponse(id: 1, result: error(-32601)))) == ["fail: e-32601"])
    }

    @Test func unknownAnswerToInitializeFails() throws {
        var handshake = handshake(.legacy)
        _ = handshake.start()
        let answer: JSONObject = ["protocolVersion": "1.0"]
        let actions = handshake.receive(JSONRPCResponse(id: 1, result: .success(answer)))
        #expect(try names(actions) == ["fail: the server chose the unknown protocol version 1.0"])
    }

    @Test func modernRequestsDescribeThemselves() throws {
        let info = MCPImplementation(name: "c", version: "1")
        let modern = ClientDialect(version: .modern, clientInfo: info)
        let request = try JSONValue(
            parsing: modern.request(id: 5, method: "m", params: ["_meta": ["own": true]], wantsProgress: true).bytes
        )
        #expect(
            request["params"]?["_meta"] == [
                "own": true, "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": ["name": "c", "version": "1"],
                "io.modelcontextprotocol/clientCapabilities": [:], "progressToken": 5,
            ]
        )
        let legacy = ClientDialect(version: .newestLegacy, clientInfo: info)
        let plain = String(decoding: legacy.request(id: 5, method: "m", params: [:]).bytes, as: UTF8.self)
        #expect(plain == #"{"jsonrpc":"2.0","id":5,"method":"m"}"#)
    }
}

extension JSONRPCID: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int64) { self = .integer(value) }
}
