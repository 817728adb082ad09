import JSON
import MCPTransports
import Testing
import WireChecks

@Suite("Stdio server", .wireChecked(.server), .timeLimit(.minutes(4)))
struct StdioServerTests {
    /// What the fixture server answers to lines, after which its input ends.
    private func answers(_ lines: String...) async throws -> [String] {
        let script = #"printf '%s\n' "$@" | "$0" stdio"#
        let output = try await run("sh", ["-c", script, Places.fixtureServer] + lines)
        #expect(output.exit == .exited(code: 0))
        for line in lines { WireTap.current?.note(line, from: .client, on: "stdio") }
        for line in output.lines { WireTap.current?.note(line, from: .server, on: "stdio") }
        return output.lines
    }

    private let initialize =
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#

    @Test func callsThatRunWhenTheInputEndsAreAnswered() async throws {
        let lines = try await answers(
            initialize,
            #"{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"echo","arguments":{"a":1}}}"#
        )
        #expect(lines.last == #"{"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"{\"a\":1}"}]}}"#)
    }

    @Test func brokenLineIsAnsweredAndTheRestGoesOn() async throws {
        let lines = try await answers("nonsense", "", #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
        try #require(lines.count == 2)
        #expect(lines[0].contains("-32700"))
        #expect(lines[1] == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
    }

    @Test func cancelledCallIsNotAnswered() async throws {
        let lines = try await answers(
            initialize,
            #"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"wait"}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}"#
        )
        #expect(lines.count == 1)
    }

    @Test func bothErasShareAProcess() async throws {
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#
        let lines = try await answers(
            #"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{\#(meta)}}"#,
            initialize,
            #"{"jsonrpc":"2.0","id":2,"method":"initialize","params":{\#(meta)}}"#,
            #"{"jsonrpc":"2.0","id":3,"method":"resources/list"}"#
        )
        try #require(lines.count == 4)
        #expect(lines[0].contains("supportedVersions"))
        #expect(lines[1].contains(#""protocolVersion":"2025-06-18""#))
        #expect(lines[2].contains("-32601"))
        #expect(lines[3] == #"{"jsonrpc":"2.0","id":3,"result":{"resources":[]}}"#)
    }
}
