import Glibc
import JSON
import Logging
import MCPProtocol
import MCPTransports
import NIOPosix

/// A server with a few tools, for tests: `mcp-fixture-server stdio` or `mcp-fixture-server http [PORT]`, which says its
/// port on standard error and ends when its input does. `mcp-fixture-server conformance [PORT]` does the same with what
/// the official conformance suite expects, `mcp-fixture-server conformance-stdio` on standard input and output,
/// `mcp-fixture-server client URL` what its client scenarios want done. `mcp-fixture-server parent` starts a process, says
/// its id on standard output and waits.
@main
struct FixtureServer {
    static func main() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "fixture")
        let profile = MCPServerProfile(version: "1.0", instructions: "For tests.")
        if CommandLine.arguments.dropFirst().first == "parent" {
            let child = try await ChildProcess.start(
                ChildLaunch(command: "sleep", arguments: ["600"]),
                group: MultiThreadedEventLoopGroup.singleton,
                events: ChildProcess.Events(
                    onLine: { _ in },
                    onErrorLine: { _ in },
                    onOutputEnd: { _ in },
                    onExit: { _ in }
                )
            )
            print(child.processID)
            fflush(nil)
            await inputEnd()
            return
        }
        let mode = CommandLine.arguments.dropFirst().first
        if mode == "conformance-stdio" {
            let conformance = ConformanceServer()
            let output = StdioServer.takeStandardOutput()
            let profile = MCPServerProfile(version: "1.0", features: .all.subtracting(.sessionTasks))
            let server = StdioServer(profile: profile, handler: conformance, logger: logger, output: output)
            conformance.announce { server.notify($0) }
            return try await server.run()
        }
        if mode == "client", let url = CommandLine.arguments.dropFirst(2).first {
            if ConformanceClient.scenario.hasPrefix("auth/") {
                exit(await AuthorizationConformanceClient(url: url).run(logger))
            }
            return try await ConformanceClient().run(url, logger: logger)
        }
        guard mode == "http" || mode == "conformance" else {
            let output = StdioServer.takeStandardOutput()
            print("Nothing of this may reach the client.")
            fflush(nil)
            try await StdioServer(profile: profile, handler: FixtureTools(), logger: logger, output: output).run()
            return
        }
        let port = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 0
        let conformance = mode == "conformance" ? ConformanceServer() : nil
        let server = try await HTTPServer.start(
            HTTPServer.Configuration(host: "127.0.0.1", port: port),
            profile: conformance == nil ? profile : MCPServerProfile(version: "1.0", features: .all),
            handler: conformance ?? FixtureTools(),
            logger: logger
        )
        conformance?.announce { server.notify($0) }
        logger.info("port=\(server.port)")
        await inputEnd()
        await server.shutdown()
    }

    @concurrent
    private static func inputEnd() async {
        while readLine() != nil {}
    }
}

struct FixtureTools: MCPServerHandler {
    private static func tool(_ name: String, _ description: String) -> JSONObject {
        ["name": .string(name), "description": .string(description), "inputSchema": ["type": "object"]]
    }

    private static func text(_ text: String, isError: Bool = false) -> JSONObject {
        var result: JSONObject = ["content": [["type": "text", "text": .string(text)]]]
        if isError { result["isError"] = true }
        return result
    }

    func listTools(_ request: MCPRequestContext) async throws(JSONRPCError) -> MCPToolList {
        .objects([
            Self.tool("echo", "Returns its arguments."), Self.tool("count", "Reports progress three times."),
            Self.tool("fail", "Answers with an error result."), Self.tool("wait", "Runs until it is cancelled."),
        ])
    }

    func callTool(
        name: String,
        arguments: JSONObject,
        request: MCPRequestContext
    ) async throws(JSONRPCError) -> JSONObject {
        switch name {
        case "echo": return Self.text(arguments.text())
        case "count":
            for step in 1...3 {
                request.progress?.send(MCPProgress(progress: Double(step), total: 3, message: "step \(step)"))
            }
            return Self.text("counted")
        case "fail": return Self.text("it did not work", isError: true)
        case "wait":
            // Ends by cancellation only.
            try? await Task.sleep(for: .seconds(600))
            return Self.text("cancelled")
        default: throw .unknownTool(name)
        }
    }
}
