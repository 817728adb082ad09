import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

/// The scripted HTTP server as a child, and what it saw.
struct ScriptedHTTPServer {
    let port: Int
    private let mode: String
    let requests: Probe<JSONValue>
    private let child: ChildProcess

    init(_ mode: String) async throws {
        let requests = Probe<JSONValue>()
        let errors = Probe<String>()
        // What is redirected comes twice by right.
        let tap = mode.hasPrefix("redirect") ? nil : WireTap.current
        child = try await ChildProcess.start(
            ChildLaunch(command: "python3", arguments: [Places.fixture("scripted_http_server.py"), mode]),
            group: loops,
            events: ChildProcess.Events(
                onLine: { line in
                    guard let value = try? JSONValue(parsing: line) else { return }
                    if let body = value["body"], body != .null { tap?.note(body.text(), from: .client, on: "http") }
                    requests.add(value)
                },
                onErrorLine: { errors.add(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { _ in errors.add("") }
            )
        )
        let line = await errors.first(1)[0]
        port = try #require(line.split(separator: "port=").last.flatMap { Int($0) }, "\(line)")
        self.requests = requests
        self.mode = mode
    }

    var url: String { "http://127.0.0.1:\(port)/mcp" }

    func stop() async { await child.terminate(patience: .milliseconds(500)) }

    func connect(
        _ observer: MCPClient.Observer = .init(),
        tokens: (any AccessTokens)? = nil,
        change: (inout MCPClient.Definition) -> Void = { _ in }
    ) async throws(MCPClientError) -> MCPClient {
        var endpoint = HTTPEndpoint(url: url, fields: [HTTPField("X-Own", "yes")], tokens: tokens)
        endpoint.streamPatience = mode == "mute-stream" ? .milliseconds(200) : .seconds(40)
        var definition = MCPClient.Definition(.streamableHTTP(endpoint))
        // Many of them start at once, and a machine can be busy.
        definition.handshakeTimeout = .seconds(50)
        definition.probeTimeout = .seconds(40)
        change(&definition)
        return try await MCPClient.start(definition, observer: observer, logger: quiet)
    }

    /// Connects to a server of this behaviour, and ends both afterwards.
    static func with(
        _ mode: String,
        _ observer: MCPClient.Observer = .init(),
        change: (inout MCPClient.Definition) -> Void = { _ in },
        _ body: (MCPClient, ScriptedHTTPServer) async throws -> Void
    ) async throws {
        let server = try await ScriptedHTTPServer(mode)
        do {
            let client = try await server.connect(observer, change: change)
            try await body(client, server)
            await client.close()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    static func startError(
        _ mode: String,
        change: (inout MCPClient.Definition) -> Void = { _ in }
    ) async throws -> MCPClientError {
        let server = try await ScriptedHTTPServer(mode)
        var failure: MCPClientError?
        do throws(MCPClientError) {
            let client = try await server.connect(change: change)
            await client.close()
        } catch {
            failure = error
        }
        await server.stop()
        return try #require(failure)
    }

    /// The requests with this method in their body, once there are as many: what the server tells of them comes on a way
    /// of its own.
    func posts(_ method: String, atLeast count: Int) async -> [JSONValue] {
        while posts(method).count < count { _ = await requests.first(requests.values.count + 1) }
        return posts(method)
    }

    /// The requests so far with this method in their body.
    func posts(_ method: String) -> [JSONValue] {
        requests.values.filter { $0["body"]?["method"]?.stringValue == method }
    }
}

func callError(
    _ client: MCPClient,
    _ tool: String,
    _ options: MCPCallOptions = MCPCallOptions()
) async -> MCPClientError? {
    do throws(MCPClientError) {
        _ = try await client.callTool(tool, arguments: [:], options: options)
        return nil
    } catch {
        return error
    }
}
