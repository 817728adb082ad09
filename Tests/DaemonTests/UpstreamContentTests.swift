import Daemon
import JSON
import MCPProtocol
import MCPTransports
import TestSupport
import Testing
import ToolBridges
import WorkflowModel

@Suite("Resources and prompts of servers behind muster", .timeLimit(.minutes(1)))
struct UpstreamContentTests {
    @Test("S-61 lists, reads, prompts and completion go through", arguments: ["modern", "legacy"])
    func contents(era: String) async throws {
        try await UpstreamBench.with(era: era) { bench in
            let listed = try await bench.result(.listResources(cursor: nil))["resources"]?.arrayValue ?? []
            let uris = listed.compactMap { $0["uri"]?.stringValue }
            #expect(uris == ["auth://status", "test://static-binary", "test://static-text", "test://watched-resource"])
            #expect(listed[1] == ["uri": "test://static-binary", "name": "static binary", "mimeType": "image/png"])
            let templates = try await bench.result(.listResourceTemplates(cursor: nil))["resourceTemplates"]
            #expect(templates?.arrayValue?.last?["uriTemplate"] == "test://template/{id}/data")
            let read = try await bench.result(.readResource(uri: "test://template/7/data"))["contents"]
            #expect(
                read == [["uri": "test://template/7/data", "mimeType": "application/json", "text": #"{"id":"7"}"#]]
            )
            await #expect {
                try await bench.outcome(.readResource(uri: "test://nothing"))
            } throws: { error in
                let error = error as? JSONRPCError
                return error?.code == -32002 && error?.data?["uri"] == "test://nothing"
            }
            let prompts = try await bench.result(.listPrompts(cursor: nil))["prompts"]?.arrayValue ?? []
            #expect(prompts.contains { $0["name"] == "x_up_test_simple_prompt" && $0["description"] != nil })
            let prompt = try await bench.result(
                .getPrompt(name: "x_up_test_prompt_with_arguments", arguments: ["arg1": "a", "arg2": "b"])
            )
            #expect(prompt["messages"]?[0]?["content"]?["text"] == "arg1 is a, arg2 is b")
            let params: JSONObject = [
                "ref": ["type": "ref/prompt", "name": "x_up_test_prompt_with_arguments"],
                "argument": ["name": "arg1", "value": "par"],
            ]
            let completion = try MCPCompletion(params)
            let values = try await bench.result(.complete(completion))["completion"]
            #expect(values == ["values": ["paris", "park", "party"], "total": 3, "hasMore": false])
        }
    }

    @Test("C-80 a server that stops takes its resources and prompts along, and that is announced")
    func stopping() async throws {
        try await UpstreamBench.with { bench in
            let changes = Collected<ExternalServers.ContentChange>()
            bench.muster.servers.onContentChange { changes.add($0) }
            _ = try await bench.muster.servers.stop("up")
            #expect(changes.all == [.resources, .prompts])
            let listed = try await bench.result(.listResources(cursor: nil))["resources"]?.arrayValue ?? []
            #expect(listed.map { $0["uri"] } == ["auth://status"])
            await #expect(throws: JSONRPCError.self) {
                try await bench.outcome(.readResource(uri: "test://static-text"))
            }
            _ = try await bench.muster.servers.start("up")
            #expect(changes.all.count == 4)
            #expect(try await bench.result(.listResources(cursor: nil))["resources"]?.arrayValue?.count == 4)
        }
    }

    @Test("changes that a server announces reach our listeners", arguments: ["modern", "legacy"])
    func announcements(era: String) async throws {
        try await UpstreamBench.with(era: era) { bench in
            let (changes, feed) = AsyncStream<ExternalServers.ContentChange>.makeStream()
            bench.muster.servers.onContentChange { feed.yield($0) }
            _ = try await bench.outcome(.callTool(name: "x_up_test_trigger_prompt_change", arguments: [:]))
            for await change in changes where change == .prompts { break }
        }
    }

    @Test("S-63 news of a resource also reach who waits for what it is a part of")
    func parts() throws {
        var session = ServerSession(MCPServerProfile(version: "1", features: .all))
        func send(_ text: String) throws { _ = session.handle(try JSONRPCMessage(decoding: Array(text.utf8))) }
        try send(#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#)
        try send(#"{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"file:///a/b"}}"#)
        func isTold(_ uri: String) -> Bool { session.notification(.resourceUpdated(uri: uri)) != nil }
        #expect(isTold("file:///a/b") && isTold("file:///a/b/") && isTold("file:///a/b/c/d"))
        #expect(!isTold("file:///a/bc") && !isTold("file:///a") && !isTold("file:///"))
        #expect(!isTold("file:///a/b" + String(repeating: "/x", count: 4000)))
    }
}
