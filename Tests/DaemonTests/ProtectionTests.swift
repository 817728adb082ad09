import Daemon
import Foundation
import JSON
import MCPProtocol
import MCPTransports
import NIOPosix
import TestSupport
import Testing
import ToolBridges
import ToolCatalog

@Suite("Checklist: what is kept from clients", .timeLimit(.minutes(1)))
struct ProtectionTests {
    private static let files = [
        "workflows/remove.yaml": "steps: [{id: one, tool: x_k_kubectl_delete}]",
        "workflows/log-in.yaml": """
        args: {password: {type: string, required: true}}
        steps:
          - {id: check, tool: echo, args: {token: "{{ .input.password }}"}}
          - {id: refuse, tool: fails, args: {token: "{{ .input.password }}"}, allowFailure: true}
        """,
    ]

    /// A server's tool that is on the list of destructive ones.
    private struct Destructive: ToolProvider {
        var tools: [ToolDescriptor] {
            [ToolDescriptor(exposedAs: "x_k_kubectl_delete", external: ["name": "kubectl_delete"])].compactMap(\.self)
        }

        func call(_: String, _: JSONObject, _: CallContext) async throws(ToolCallError) -> ToolResult { .text("gone") }
    }

    @Test("S-56 a tool that is denied is refused natively, through call_tool and in a workflow")
    func denied() async throws {
        let bench = try MusterBench(Self.files)
        bench.muster.catalog.register(Destructive())
        let calls: [(String, JSONObject)] = [
            ("x_k_kubectl_delete", [:]), ("call_tool", ["name": "x_k_kubectl_delete"]), ("workflow_remove", [:]),
        ]
        for (name, arguments) in calls {
            let result = try await bench.result(.callTool(name: name, arguments: arguments))
            #expect(result.isError, "\(name)")
            #expect(result.text.contains("is blocked as it is destructive"), "\(name): \(result.text)")
        }
    }

    @Test("S-57 a handle that is not known, or not any more, is a result with isError")
    func unknownHandles() async throws {
        let bench = try MusterBench(Self.files)
        let ended = try await bench.result(.callTool(name: "workflow_log-in", arguments: ["password": "p"]))
        let id = try #require(ended["structuredContent"]?["execution_id"])
        let known = MCPOperation.callTool(name: "core_workflow_execution_get", arguments: ["execution_id": id])
        #expect(try await !bench.result(known).isError)
        for tool in ["core_workflow_execution_get", "core_workflow_execution_resume"] {
            for handle in ["00000000-0000-4000-8000-000000000000", "../x"] {
                let call = MCPOperation.callTool(name: tool, arguments: ["execution_id": .string(handle)])
                #expect(try await bench.result(call).isError, "\(tool) \(handle)")
            }
        }
    }

    @Test("S-75 what is logged to clients has names of steps, and nothing of arguments and results")
    func quietLogs() async throws {
        let bench = try MusterBench(Self.files)
        let seen = Collected<String>()
        var request = MusterBench.request()
        request.log = { seen.add("\($0.level) \($0.data.text())") }
        request.progress = MCPProgressSender { seen.add($0.message ?? "") }
        let call = MCPOperation.callTool(name: "workflow_log-in", arguments: ["password": "s3cret-word"])
        #expect(try await !bench.result(call, request).isError)
        #expect(seen.all.contains { $0.contains("check") } && seen.all.contains { $0.contains("refuse") })
        #expect(!seen.all.contains { $0.contains("s3cret-word") }, "\(seen.all)")
    }

    @Test("list_tools names the servers that want a login, while they do")
    func serversThatWantALogin() async throws {
        let (lines, feed) = AsyncStream<String>.makeStream()
        let script =
            #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
            .joined(separator: "/") + "/MCPTransportsTests/Fixtures/protected_server.py"
        let child = try await ChildProcess.start(
            ChildLaunch(command: "python3", arguments: [script, "{}"]),
            group: MultiThreadedEventLoopGroup.singleton,
            events: ChildProcess.Events(
                onLine: { _ in },
                onErrorLine: { feed.yield(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { _ in feed.finish() }
            )
        )
        var iterator = lines.makeAsyncIterator()
        let port = try #require(await iterator.next()?.split(separator: "=").last?.split(separator: ",").first)
        let bench = try MusterBench([
            "mcpservers/p.yaml":
                "type: streamable-http\nurl: http://127.0.0.1:\(port)/mcp\nautoStart: true\nprotocol: legacy"
        ])
        _ = try await bench.muster.start()
        func listed() async throws -> JSONValue? {
            try JSONValue(parsing: try await bench.result(.callTool(name: "list_tools", arguments: [:])).text)[
                "servers_requiring_auth"
            ]
        }
        #expect(try await listed() == [["name": "p", "status": "auth_required", "auth_tool": "core_auth_login"]])
        _ = try await bench.muster.servers.stop("p")
        #expect(try await listed() == nil)
        await bench.muster.shutDown()
        await child.terminate(patience: .milliseconds(200))
    }
}
