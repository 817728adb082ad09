import Daemon
import JSON
import MCPProtocol
import MCPTransports
import TestSupport
import Testing
import ToolBridges
import WorkflowModel

@Suite("Checklist: resources, prompts, completion", .timeLimit(.minutes(1)))
struct ServedContentsTests {
    private func bench() throws -> MusterBench {
        try MusterBench([
            "workflows/greet.yaml": "description: Says hello\nsteps: [{id: say, tool: echo, args: {said: hello}}]",
            "workflows/fail.yaml": "steps: [{id: bad, tool: fails}]",
        ])
    }

    private func read(_ bench: MusterBench, _ uri: String) async throws -> JSONValue {
        let contents = try await bench.result(.readResource(uri: uri))["contents"]
        #expect(contents?.arrayValue?.count == 1)
        #expect(contents?[0]?["uri"] == .string(uri))
        #expect(contents?[0]?["mimeType"] == "application/json")
        return try JSONValue(parsing: contents?[0]?["text"]?.stringValue ?? "")
    }

    @Test("workflows and executions are resources")
    func resources() async throws {
        let bench = try bench()
        let id = try #require(try await bench.document("workflow_greet")["execution_id"]?.stringValue)
        let listed = try await bench.result(.listResources(cursor: nil))["resources"]?.arrayValue ?? []
        let uris = listed.compactMap { $0["uri"]?.stringValue }
        let workflows = ["muster://workflows/fail", "muster://workflows/greet"]
        #expect(uris == ["auth://status", "muster://executions/\(id)"] + workflows)
        #expect(listed[1]["annotations"]?["lastModified"] != nil)
        #expect(try await read(bench, "muster://workflows/greet")["workflow"]?["name"] == "greet")
        #expect(try await read(bench, "muster://executions/\(id)")["status"] == "completed")
        let events = try await read(bench, "muster://executions/\(id)/events")
        #expect(events["events"]?[0]?["k"] == "executionStarted")
        #expect(events["total"]?.integerValue == Int64(events["events"]?.arrayValue?.count ?? 0))
        #expect(events["truncated"] == false)
        let templates = try await bench.result(.listResourceTemplates(cursor: nil))["resourceTemplates"]
        #expect(templates?.arrayValue?.count == 3)
    }

    @Test("S-21 S-22 what has ended may be kept, by its reader only")
    func caching() async throws {
        let bench = try bench()
        let id = try #require(try await bench.document("workflow_greet")["execution_id"]?.stringValue)
        guard case .complete(_, let ended) = try await bench.outcome(.readResource(uri: "muster://executions/\(id)")),
            case .complete(_, let workflow) = try await bench.outcome(.readResource(uri: "muster://workflows/greet"))
        else { throw Surprise() }
        #expect(ended.timeToLive > 0 && !ended.isPublic)
        #expect(workflow == .none)
    }

    @Test(
        "S-58 S-59 what is not there is not found, and no path leads elsewhere",
        arguments: [
            "muster://workflows/none", "muster://workflows/", "muster://workflows/../config", "muster://workflows/..",
            "muster://executions/none", "muster://executions/a/b", "muster://executions/none/events",
            "file:///etc/passwd",
            "muster://workflows/a%2Fb", "test://nothing",
        ]
    )
    func missing(uri: String) async throws {
        let bench = try bench()
        await #expect { try await bench.outcome(.readResource(uri: uri)) } throws: { error in
            (error as? JSONRPCError)?.code == -32002 && (error as? JSONRPCError)?.data?["uri"] == .string(uri)
        }
    }

    @Test("S-23 lists of resources have pages")
    func pages() async throws {
        var files: [String: String] = [:]
        for number in 0..<600 { files["workflows/w\(number).yaml"] = "steps: [{id: a, tool: echo}]" }
        let bench = try MusterBench(files)
        let first = try await bench.result(.listResources(cursor: nil))
        #expect(first["resources"]?.arrayValue?.count == 500)
        let next = try #require(first["nextCursor"]?.stringValue)
        let second = try await bench.result(.listResources(cursor: next))
        // With `auth://status`.
        #expect(second["resources"]?.arrayValue?.count == 101)
        #expect(second["nextCursor"] == nil)
        await #expect(throws: JSONRPCError.self) { try await bench.outcome(.listResources(cursor: "")) }
    }

    @Test("S-48 S-60 prompts are described, and refuse what they do not know")
    func prompts() async throws {
        let bench = try bench()
        let listed = try await bench.result(.listPrompts(cursor: nil))["prompts"]?.arrayValue ?? []
        #expect(listed.allSatisfy { $0["description"]?.stringValue?.isEmpty == false })
        let messages = try await bench.result(.getPrompt(name: "run_workflow", arguments: ["workflow": "greet"]))[
            "messages"
        ]
        #expect(messages?[0]?["content"]?["type"] == "text")
        #expect(messages?[1]?["content"]?["resource"]?["uri"] == "muster://workflows/greet")
        for (name, arguments) in [
            ("none", [:]), ("run_workflow", [:]), ("run_workflow", ["workflow": "none"]), ("explain_execution", [:]),
        ] as [(String, JSONObject)] {
            await #expect { try await bench.outcome(.getPrompt(name: name, arguments: arguments)) } throws: {
                ($0 as? JSONRPCError)?.code == -32602
            }
        }
    }

    @Test("S-61 names of workflows and ids of executions are completed")
    func completion() async throws {
        let bench = try bench()
        let id = try #require(try await bench.document("workflow_greet")["execution_id"]?.stringValue)
        func values(_ ref: String, _ argument: String, _ value: String) async throws -> JSONValue? {
            let text =
                #"{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":\#(ref),"argument":{"name":"\#(argument)","value":"\#(value)"}}}"#
            var session = ServerSession(bench.muster.profile)
            let hello = #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
            _ = session.handle(try JSONRPCMessage(decoding: Array(hello.utf8)))
            guard case .perform(let call) = session.handle(try JSONRPCMessage(decoding: Array(text.utf8))) else {
                throw Surprise()
            }
            return try await bench.result(call.operation)["completion"]?["values"]
        }
        #expect(try await values(#"{"type":"ref/prompt","name":"run_workflow"}"#, "workflow", "gr") == ["greet"])
        let template = #"{"type":"ref/resource","uri":"muster://executions/{id}"}"#
        #expect(try await values(template, "id", String(id.prefix(3))) == [.string(id)])
        #expect(try await values(template, "moon", "") == [])
        await #expect(throws: JSONRPCError.self) { try await values(#"{"type":"ref/prompt","name":"none"}"#, "a", "") }
    }

    @Test("other sources of resources and prompts stand beside ours")
    func otherSources() async throws {
        let bench = try bench()
        bench.muster.contents.register(Foreign() as any ResourceProvider)
        bench.muster.contents.register(Foreign() as any PromptProvider)
        let listed = try await bench.result(.listResources(cursor: nil))["resources"]?.arrayValue ?? []
        #expect(listed.last?["uri"] == "z://theirs")
        #expect(try await bench.result(.readResource(uri: "z://theirs"))["contents"]?[0]?["text"] == "hello")
        #expect(try await bench.result(.getPrompt(name: "x_theirs", arguments: [:]))["messages"] == [])
    }
}

private struct Foreign: ResourceProvider, PromptProvider {
    func resources() async -> [JSONObject] { [["uri": "z://theirs", "name": "theirs"]] }

    func read(_ uri: String, _ request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome? {
        uri == "z://theirs" ? .complete(["contents": [["uri": "z://theirs", "text": "hello"]]]) : nil
    }

    func prompts() async -> [JSONObject] { [["name": "x_theirs", "description": "d"]] }

    func prompt(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome? {
        name == "x_theirs" ? .complete(["messages": []]) : nil
    }
}
