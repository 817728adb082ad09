import Glibc
import JSON
import Logging
import MCPProtocol
import MCPTransports
import NIOPosix

/// One program, three small MCP servers over standard input and output: `example-server teleport`, `kubernetes` and
/// `prometheus`. What they do is real, on this machine: files, listening ports, HTTP.
@main
struct Main {
    static func main() async {
        guard CommandLine.arguments.count == 2, let role = Role(rawValue: CommandLine.arguments[1]) else {
            say("usage: example-server \(Role.allCases.map(\.rawValue).joined(separator: "|"))")
            exit(64)
        }
        do {
            try await serve(role)
        } catch {
            say("example-server \(role.rawValue): \(error)")
            exit(1)
        }
    }

    /// Serves until the input ends or a signal comes, and then takes everything back that the server has made.
    private static func serve(_ role: Role) async throws {
        let folder = try SharedFolder()
        let server = try await role.makeServer(folder)
        let profile = MCPServerProfile(name: "example-\(role.rawValue)", version: "0.1.0")
        let logger = Logger(label: "example-\(role.rawValue)") { StreamLogHandler.standardError(label: $0) }
        let transport = StdioServer(profile: profile, handler: ToolHandler(server.tools), logger: logger)
        let serving = Task { try await transport.run() }
        let signals = StopSignals { serving.cancel() }
        let outcome = await serving.result
        await server.stop()
        folder.removeIfEmpty()
        signals.ignoreFurther()
        try outcome.get()
    }

    private static func say(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// Which of the three servers this process is.
enum Role: String, CaseIterable {
    case teleport, kubernetes, prometheus

    func makeServer(_ folder: SharedFolder) async throws -> any ExampleServer {
        switch self {
        case .teleport: TeleportServer(folder)
        case .kubernetes: KubernetesServer(folder)
        case .prometheus: try await PrometheusServer(folder)
        }
    }
}

/// The tools of one server, and the end of what they have made.
protocol ExampleServer: Sendable {
    var tools: [ExampleTool] { get }

    /// Closes what is open and removes the files that this process wrote.
    func stop() async
}
