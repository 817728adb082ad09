import Foundation
import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

@Suite("Checklist: stdio", .wireChecked(.server), .timeLimit(.minutes(4)))
struct StdioChecklistTests {
    /// A server on two pipes: what is written to it, and the lines that it writes.
    private struct Client {
        let host = SteeredHost()
        let lines = Probe<String>()
        private let server: StdioServer
        private let input: CInt
        private let output: CInt

        init() throws {
            var toServer: [CInt] = [-1, -1]
            var fromServer: [CInt] = [-1, -1]
            try #require(pipe(&toServer) == 0 && pipe(&fromServer) == 0)
            input = toServer[1]
            server = StdioServer(
                profile: MCPServerProfile(version: "1", features: .all),
                handler: host,
                logger: quiet,
                input: toServer[0],
                output: fromServer[1]
            )
            output = fromServer[1]
            let (lines, source, tap) = (lines, fromServer[0], WireTap.current)
            Thread.detachNewThread {
                var pending: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = read(source, &buffer, buffer.count)
                    guard count > 0 else { break }
                    pending += buffer.prefix(count)
                    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                        let line = String(decoding: pending[..<end], as: UTF8.self)
                        tap?.note(line, from: .server, on: "stdio")
                        lines.add(line)
                        pending.removeSubrange(...end)
                    }
                }
                close(source)
            }
        }

        func send(_ lines: String...) {
            for line in lines { WireTap.current?.note(line, from: .client, on: "stdio") }
            let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
            #expect(write(input, bytes, bytes.count) == bytes.count)
        }

        /// Serves while `body` runs, then ends the input and waits for the server.
        func run(_ body: () async throws -> Void) async throws {
            async let end: Void = server.run()
            try await body()
            close(input)
            try await end
            close(output)
        }
    }

    private func modern(_ method: String, _ id: Int, _ more: String, capabilities: String = "{}") -> String {
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":\#(capabilities),"progressToken":\#(id)}"#
        return #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(more),\#(meta)}}"#
    }

    @Test("S-42 every line is one message, S-46 and calls run at the same time")
    func lines() async throws {
        let client = try Client()
        try await client.run {
            client.send(
                modern("tools/call", 1, #""name":"hold""#),
                modern("tools/call", 2, #""name":"echo","arguments":{"text":"a\nb"}"#)
            )
            // The second is answered while the first waits: progress of the first, answer of the second.
            let early = await client.lines.first(2)
            #expect(early.contains { $0.contains(#""id":2"#) && $0.contains(#"a\\nb"#) })
            client.host.released.add("now")
            let all = await client.lines.first(3)
            #expect(all.last?.contains("released") == true)
            for line in all { #expect(throws: Never.self) { try JSONRPCMessage(decoding: Array(line.utf8)) } }
        }
    }

    @Test("S-43 nobody is sent a request in the modern era: questions are answers")
    func questions() async throws {
        let client = try Client()
        try await client.run {
            client.send(modern("tools/call", 1, #""name":"ask""#, capabilities: #"{"elicitation":{}}"#))
            let line = try #require(await client.lines.first(1).first)
            guard case .response = try JSONRPCMessage(decoding: Array(line.utf8)) else {
                Issue.record("not an answer: \(line)")
                return
            }
            #expect(line.contains("input_required"))
        }
    }

    @Test("S-90 in a session the question is a request, answered by the client")
    func sessionQuestions() async throws {
        let client = try Client()
        try await client.run {
            client.send(
                #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}}}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}}"#
            )
            let asked = await client.lines.first(2)
            #expect(asked.last?.contains("elicitation/create") == true)
            client.send(#"{"jsonrpc":"2.0","id":"server-1","result":{"action":"decline"}}"#)
            #expect(await client.lines.first(3).last?.contains("declined") == true)
        }
    }

    @Test("S-44 a cancelled call stops, and nothing more is sent for it")
    func cancellation() async throws {
        let client = try Client()
        try await client.run {
            client.send(modern("tools/call", 1, #""name":"hold""#))
            _ = await client.host.started.first(1)
            client.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
            _ = await client.host.cancelled.first(1)
            client.send(modern("tools/call", 2, #""name":"t""#))
            let lines = await client.lines.first(2)
            #expect(lines.last?.contains(#""id":2"#) == true)
        }
        #expect(client.lines.values.allSatisfy { !$0.contains("released") })
    }

    @Test("S-45 S-64 the end of the input ends subscriptions properly, and the server")
    func end() async throws {
        let client = try Client()
        try await client.run {
            client.send(modern("subscriptions/listen", 5, #""notifications":{"toolsListChanged":true}"#))
            _ = await client.lines.first(1)
        }
        let lines = await client.lines.first(3)
        #expect(lines[1].contains(#""id":5,"result""#))
        #expect(lines[2].contains("notifications/cancelled") && lines[2].contains(#""requestId":5"#))
    }

    @Test("S-91 arrays are answered with arrays in sessions of 2025-03-26")
    func batches() async throws {
        let client = try Client()
        try await client.run {
            client.send(
                #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-03-26"}}"#,
                #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t"}}]"#
            )
            let line = try #require(await client.lines.first(2).last)
            #expect(try JSONValue(parsing: line).arrayValue?.count == 2)
        }
    }
}
