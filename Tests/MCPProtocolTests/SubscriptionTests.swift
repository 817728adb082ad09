import JSON
import MCPProtocol
import TestSupport
import Testing

@Suite("Checklist: subscriptions")
struct SubscriptionTests {
    private func listen(
        _ filter: String,
        id: String = "7",
        capabilities: String = "{}",
        profile: MCPServerProfile = fullProfile
    ) throws -> ServerListen {
        let params = #"{"notifications":\#(filter),\#(envelope(declaring: capabilities))}"#
        let text = #"{"jsonrpc":"2.0","id":\#(id),"method":"subscriptions/listen","params":\#(params)}"#
        guard case .request(let request) = try message(text),
            case .listen(let listen) = ModernServer.handle(request, headers: nil, profile: profile)
        else { throw JSONRPCError.invalidRequest("no subscription") }
        return listen
    }

    private func json(_ bytes: [UInt8]) throws -> JSONValue { try JSONValue(parsing: bytes) }

    @Test("S-62 the acknowledgement names what is honoured, and the id keeps its type", arguments: ["7", #""L""#])
    func acknowledgement(id: String) throws {
        let filter =
            #"{"toolsListChanged":true,"promptsListChanged":false,"resourceSubscriptions":["a:b"],"moons":true}"#
        let subscription = try listen(filter, id: id)
        let params = try json(subscription.acknowledgement)["params"]
        #expect(params?["notifications"] == ["toolsListChanged": true, "resourceSubscriptions": ["a:b"]])
        let tag = try JSONValue(parsing: id)
        #expect(params?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == tag)
        let news: [ServerNews] = [.listChanged(.tools), .resourceUpdated(uri: "a:b")]
        for item in news {
            let told = try json(try #require(subscription.notification(item)))
            #expect(told["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == tag)
        }
    }

    @Test("S-62 S-14 nothing is promised that the server does not have")
    func honouredOnly() throws {
        let bare = MCPServerProfile(version: "1", features: [.tools])
        let filter =
            #"{"toolsListChanged":true,"promptsListChanged":true,"resourceSubscriptions":["a:b"],"taskIds":["t"]}"#
        let params = try json(try listen(filter, profile: bare).acknowledgement)["params"]
        #expect(params?["notifications"] == ["toolsListChanged": true])
    }

    @Test("S-63 only what was asked for is told")
    func filter() throws {
        let subscription = try listen(#"{"promptsListChanged":true,"resourceSubscriptions":["a:b"]}"#)
        #expect(subscription.notification(.listChanged(.tools)) == nil)
        #expect(subscription.notification(.listChanged(.prompts)) != nil)
        #expect(subscription.notification(.resourceUpdated(uri: "a:c")) == nil)
        let task = MCPTask(id: "t", status: .working, createdAt: "c", lastUpdatedAt: "l")
        #expect(subscription.notification(.task(task)) == nil)
    }

    @Test("S-63 S-81 tasks are told of in whole, to those who declare them")
    func tasksOfOthers() throws {
        #expect(throws: JSONRPCError.self) { try listen(#"{"taskIds":["t"]}"#) }
        let subscription = try listen(#"{"taskIds":["t"]}"#, capabilities: tasks)
        let task = MCPTask(id: "t", status: .completed(["content": []]), createdAt: "c", lastUpdatedAt: "l")
        let told = try json(try #require(subscription.notification(.task(task))))
        #expect(told["method"] == "notifications/tasks")
        #expect(told["params"]?["result"]?["content"] == [])
    }

    @Test("S-64 the end is a tagged result, on stdio followed by a cancellation")
    func end() throws {
        let subscription = try listen("{}", id: #""L""#)
        let result = try json(subscription.end)
        #expect(result["id"] == "L")
        #expect(result["result"]?["resultType"] == "complete")
        #expect(result["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == "L")
        #expect(try json(subscription.cancellation)["params"]?["requestId"] == "L")
    }

    @Test(
        "filters are bounded and checked",
        arguments: [
            "7", "[]", #"{"resourceSubscriptions":7}"#, #"{"resourceSubscriptions":[7]}"#,
            #"{"resourceSubscriptions":[\#(repeatElement(#""a:b""#, count: 1001).joined(separator: ","))]}"#,
        ]
    )
    func oddFilters(filter: String) throws { #expect(throws: JSONRPCError.self) { try listen(filter) } }
}

@Suite("Checklist: sessions")
struct SessionChecklistTests {
    @Test("S-87 S-63 a session hears of lists and of its own resources, once it is ready")
    func notifications() throws {
        var early = ServerSession(profile)
        _ = early.handle(try message(#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}"#))
        #expect(early.notification(.listChanged(.tools)) == nil)
        var session = try initialized()
        #expect(session.notification(.listChanged(.tools)) != nil)
        #expect(session.notification(.resourceUpdated(uri: "a:b")) == nil)
        _ = session.handle(.request(try request(#""method":"resources/subscribe","params":{"uri":"a:b"}"#)))
        let update = session.notification(.resourceUpdated(uri: "a:b"))
        let told = try JSONValue(parsing: try #require(update))
        #expect(told["method"] == "notifications/resources/updated")
        #expect(told["params"] == ["uri": "a:b"])
        _ = session.handle(.request(try request(#""method":"resources/unsubscribe","params":{"uri":"a:b"}"#)))
        #expect(session.notification(.resourceUpdated(uri: "a:b")) == nil)
    }

    @Test("subscriptions and calls of one client are bounded")
    func bounds() throws {
        var session = try initialized()
        for number in 0..<ServerSession.subscriptionLimit {
            _ = session.handle(
                .request(try request(#""method":"resources/subscribe","params":{"uri":"a:\#(number)"}"#))
            )
        }
        let more = session.handle(.request(try request(#""method":"resources/subscribe","params":{"uri":"a:b"}"#)))
        #expect(more.errorCode == -32602)
        for number in 0..<ServerSession.callLimit {
            _ = session.handle(try message(#"{"jsonrpc":"2.0","id":\#(number),"method":"tools/list"}"#))
        }
        #expect(session.handle(.request(try request(#""method":"tools/list""#))).errorCode == -32603)
        #expect(session.handle(.request(try request(#""method":"ping""#))).answer?["result"] == [:])
    }

    @Test(
        "S-84 S-10 the handshake echoes what it knows and answers the newest otherwise",
        arguments: [
            (#""2024-11-05""#, "2024-11-05"), (#""2025-03-26""#, "2025-03-26"), (#""2026-07-28""#, "2025-11-25"),
            (#""DRAFT""#, "2025-11-25"), ("7", "2025-11-25"),
        ]
    )
    func handshake(wanted: String, agreed: String) throws {
        var session = ServerSession(profile)
        let text = #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":\#(wanted)}}"#
        #expect(session.handle(try message(text)).answer?["result"]?["protocolVersion"] == .string(agreed))
    }

    @Test("S-90 ping is answered at any time, and a level of the log is kept")
    func pingAndLevel() throws {
        var session = ServerSession(profile)
        #expect(session.handle(.request(try request(#""method":"ping""#))).answer?["result"] == [:])
        session = try initialized()
        let level = #""method":"logging/setLevel","params":{"level":"warning"}"#
        #expect(session.handle(.request(try request(level))).answer?["result"] == [:])
        #expect(session.handle(.request(try request(#""method":"tools/list""#))).call?.logLevel == .warning)
        _ = session.finish("a")
        let loud = #""method":"logging/setLevel","params":{"level":"loud"}"#
        #expect(session.handle(.request(try request(loud))).errorCode == -32602)
    }

    @Test("S-88 a handshake cannot be cancelled, nor what is unknown")
    func cancellations() throws {
        var session = try initialized()
        for id in ["0", "99", "null", #""x""#] {
            let text = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
            #expect(session.handle(try message(text)).text == "accepted")
        }
    }
}

@Suite("Checklist: replay")
struct ReplayLogTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("S-89 only later messages of the same stream come again")
    func replay() throws {
        var log = ReplayLog()
        let (first, opening) = log.open()
        let (second, _) = log.open()
        let a = log.append(bytes("a"), to: first)
        _ = log.append(bytes("x"), to: second)
        let b = log.append(bytes("b"), to: first, isLast: true)
        #expect(log.events(after: opening.id)?.events == [a, b])
        #expect(log.events(after: a.id)?.events == [b])
        #expect(log.events(after: a.id)?.isEnded == true)
        #expect(log.events(after: b.id)?.events == [])
        #expect(Set([opening.id, a.id, b.id]).count == 3)
        #expect(opening.message == nil)
    }

    @Test(
        "S-89 ids that nobody was given are refused",
        arguments: ["", "1", "1-", "1-99", "9-1", "a-b", "1-1-1", "-1-1"]
    )
    func foreignIDs(id: String) {
        var log = ReplayLog()
        _ = log.open()
        #expect(log.events(after: id) == nil)
    }

    @Test("S-89 a log keeps little, and never gives a stream with a hole", arguments: 0..<60 as Range<UInt64>)
    func holes(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var log = ReplayLog(eventLimit: 8, byteLimit: 100)
        var sent: [Int: [ReplayLog.Event]] = [:]
        let streams = (0..<3).map { _ in
            let (stream, event) = log.open()
            sent[stream] = [event]
            return stream
        }
        for _ in 0..<40 {
            let stream = streams[Int.random(in: 0..<3, using: &generator)]
            let size = Int.random(in: 0...60, using: &generator)
            sent[stream, default: []].append(log.append([UInt8](repeating: 0x61, count: size), to: stream))
            #expect(log.byteCount <= 100)
        }
        for (stream, events) in sent {
            for (position, event) in events.enumerated() {
                guard let later = log.events(after: event.id) else { continue }
                #expect(later.stream == stream)
                #expect(later.events == Array(events[(position + 1)...]))
            }
        }
    }
}
