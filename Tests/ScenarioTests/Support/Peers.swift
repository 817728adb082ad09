import Foundation
import JSON
import Testing
import WireChecks

/// Clients and servers of others that are made to do the same few things, so that any can be used through muster by any other.
///
/// A server has the tools `add`, `count`, `ask`, `hang`, `cancelled`, `broken`, `touch` and `grow`, the resources `peer://note`
/// and `peer://counter`, the template `peer://of/{name}`, and the prompt `review`. Suites that use them are serialized: each
/// case starts several programs, and others measure time meanwhile.
enum Peers {
    /// A program without the last arguments, which a meeting knows.
    struct Side: Sendable {
        var name: String
        var command: String
        var arguments: [String] = []
    }

    static let goClient = Side(name: "Go", command: Requirements.servers + "/go/client")
    static let goServer = Side(name: "Go", command: Requirements.servers + "/go/server")
    static let typeScriptClient = node("TypeScript", "typescript_v2_client.mjs")
    static let typeScriptServer = node("TypeScript", "typescript_v2_server.mjs")
    static let fastMCPServer = node("fastmcp", "fastmcp_peer.mjs")

    /// Where the npm packages are.
    static let packages = Requirements.servers + "/peers"

    private static func node(_ name: String, _ fixture: String) -> Side {
        Side(name: name, command: "node", arguments: [Places.fixture(fixture), packages])
    }

    static func program(_ name: String) -> String { packages + "/node_modules/.bin/" + name }

    /// How one side speaks to muster.
    struct Way: Sendable, CustomStringConvertible {
        /// stdio, http or sse.
        var transport: String
        var revision: String

        init(_ transport: String, _ revision: String) { (self.transport, self.revision) = (transport, revision) }

        var description: String { "\(transport) \(revision)" }
        var isModern: Bool { revision >= "2026-07-28" }
    }

    /// A client, muster, and a server.
    struct Meeting: Sendable, CustomTestStringConvertible {
        var client: Way
        var server: Way

        init(_ client: Way, _ server: Way) { (self.client, self.server) = (client, server) }

        var testDescription: String { "\(client) → muster → \(server)" }
    }
}

/// What the way between a client and a server of these cannot do.
enum PeerLack: String, CaseIterable, Sendable {
    case questions, logging, cancellation, contents, completion, subscriptions, changes
}

// MARK: - In a scene

extension Scene {
    /// Starts the server if it is one that listens, and writes its definition.
    @discardableResult
    func addPeer(_ side: Peers.Side, _ way: Peers.Way) async throws -> Program? {
        let words = side.arguments + [way.transport, way.revision]
        // SDKs take long to load where other tests run beside.
        let patience = "timeout: 60"
        guard way.transport != "stdio" else {
            try addServer("peer", side.command, words, extra: patience)
            return nil
        }
        let port = Ports.free()
        let program = try start(words + ["\(port)"], of: side.command)
        let isSSE = way.transport == "sse"
        let url = "http://127.0.0.1:\(port)/\(isSSE ? "sse" : "mcp")"
        try await program.errorLine("listening")
        try addRemoteServer("peer", url, type: isSSE ? "sse" : "streamable-http")
        return program
    }

    /// Returns when somebody listens at the port of a program that does not say so; throws when it has ended before.
    func waitForListener(_ port: Int, _ program: Program) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !Ports.isOpen(port) {
            guard program.seen.status == nil, ContinuousClock.now < end else {
                throw Program.Failure(description: "nobody listens at port \(port): \(program.seen)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func addPeerWorkflows() throws {
        try addWorkflow(
            "sum",
            """
            args: { a: { type: number, required: true } }
            steps:
              - { id: one, tool: x_peer_add, args: { a: "{{ .input.a }}", b: 2 } }
              - { id: two, tool: x_peer_add, args: { a: "{{ .results.one.sum }}", b: 4 } }
            """
        )
        try addWorkflow("release", "steps: [{ id: ask, tool: x_peer_ask, args: { what: all } }]")
    }

    /// Starts `muster serve` over HTTP.
    /// - Returns: the program, and its port or that of the tap before it.
    func serve() async throws -> (muster: Program, relay: Program?, port: String) {
        let muster = try start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await muster.errorLine("listens at http://")
        let port = try #require(line.split(separator: ":").last?.prefix { $0.isNumber })
        guard let tap = WireTap.current else { return (muster, nil, String(port)) }
        let relay = try start([WireTap.fixture("http_tap.py"), tap.file(), "\(port)", "forever"], of: "python3")
        let reached = try await relay.errorLine("port=").split(separator: "=").last.map(String.init)
        return (muster, relay, try #require(reached))
    }

    func end(_ muster: Program, _ relay: Program?) async throws {
        relay?.signal(SIGKILL)
        try await relay?.end()
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
    }

    /// What a client says that it saw.
    func use(
        _ client: Peers.Side,
        _ revision: String,
        _ target: [String],
        lacks: Set<PeerLack>
    ) async throws -> JSONValue {
        let lacks = ["LACKS": lacks.map(\.rawValue).sorted().joined(separator: " ")]
        let program = try start(client.arguments + [revision] + target, of: client.command, environment: lacks)
        let seen = try await program.end(within: .seconds(90))
        try #require(seen.status == .exited(0), "\(seen)")
        return try JSONValue(parsing: try #require(seen.outputLines.last))
    }

    /// Lets a client use muster, in front of a server that is defined already.
    func use(_ client: Peers.Side, _ way: Peers.Way, lacks: Set<PeerLack>) async throws -> JSONValue {
        guard way.transport != "stdio" else {
            let serve = ["serve", "--transport", "stdio", "--config-path", file(".muster")]
            let muster = WireTap.wrapped(Places.program("muster"), serve)
            return try await use(client, way.revision, ["stdio", muster.command] + muster.arguments, lacks: lacks)
        }
        let (muster, relay, port) = try await serve()
        let url = "http://127.0.0.1:\(port)/\(way.transport == "sse" ? "sse" : "mcp")"
        let seen = try await use(client, way.revision, [way.transport, url], lacks: lacks)
        try await end(muster, relay)
        return seen
    }

    /// One meeting from beginning to end.
    func meet(
        _ client: Peers.Side,
        _ server: Peers.Side,
        _ meeting: Peers.Meeting,
        lacks: Set<PeerLack> = []
    ) async throws -> PeerReport {
        let program = try await addPeer(server, meeting.server)
        try addPeerWorkflows()
        let seen = try await use(client, meeting.client, lacks: lacks)
        program?.signal(SIGKILL)
        try await program?.end()
        // Clients do not wait for what they have started.
        if meeting.client.transport == "stdio" { try await waitForLeftovers() }
        return PeerReport(seen: seen, lacks: lacks)
    }
}

// MARK: - What has to be seen

/// What a client has seen of muster and the server behind it.
struct PeerReport: Sendable {
    var seen: JSONValue
    var lacks: Set<PeerLack>
    /// The name of what the client is connected with.
    var server = "muster-aggregator"
    /// A client that forgets who waits for progress when it has read the answer, which may come in the same piece.
    var mayMissProgress = false

    private func expect(_ key: String, _ value: JSONValue, _ location: SourceLocation) {
        let found = seen[key]
        #expect(
            found?.isEquivalent(to: value) == true,
            "\(key): \(String(describing: found))",
            sourceLocation: location
        )
    }

    func check(_ client: Peers.Way, sourceLocation location: SourceLocation = #_sourceLocation) {
        expect("revision", .string(client.revision), location)
        expect("server", .string(server), location)
        checkTools(location)
        checkWorkflows(location)
        if !lacks.contains(.questions) { checkQuestions(location) }
        if !lacks.contains(.cancellation) {
            expect("cancelled", true, location)
            expect("cancelledAtServer", "1", location)
        }
        if !lacks.contains(.contents) { checkContents(location) }
        if !lacks.contains(.subscriptions) {
            expect("isUpdated", true, location)
            #expect(seen["updated"]?[0] == "peer://counter", sourceLocation: location)
        }
        if !lacks.contains(.changes) {
            expect("isGrown", true, location)
            expect("isTold", true, location)
        }
        if !client.isModern { expect("ping", true, location) }
    }

    private func checkProgress(_ key: String, _ wanted: [JSONValue], _ location: SourceLocation) {
        guard mayMissProgress else { return expect(key, .array(wanted), location) }
        let found = seen[key]?.arrayValue ?? []
        let isBeginning = zip(wanted, found).allSatisfy { $0.isEquivalent(to: $1) } && found.count <= wanted.count
        #expect(isBeginning, "\(key): \(found)", sourceLocation: location)
    }

    private func checkTools(_ location: SourceLocation) {
        let tools = seen["tools"]?.arrayValue ?? []
        for name in ["x_peer_add", "x_peer_broken", "x_peer_count", "workflow_sum", "core_workflow_list"] {
            #expect(tools.contains(.string(name)), "\(name) is missing", sourceLocation: location)
        }
        expect("add", ["sum": 42.5], location)
        expect("addText", #"{"sum":42.5}"#, location)
        expect("broken", [true, "the value is bad"], location)
        expect("wrong", true, location)
        expect("unknown", -32602, location)
        expect("count", "done", location)
        checkProgress("progress", (1...3).map { [.integer($0), 3, .string("at \($0)")] }, location)
        guard !lacks.contains(.logging) else { return }
        let log = seen["log"]?.arrayValue?.prefix(3).map { $0[1]?["message"] ?? $0[1] }
        #expect(log == ["counted 1", "counted 2", "counted 3"], "\(seen)", sourceLocation: location)
    }

    private func checkWorkflows(_ location: SourceLocation) {
        expect("workflow", "completed", location)
        expect("record", "completed", location)
        checkProgress("workflowProgress", [[1, 2, "step one completed"], [2, 2, "step two completed"]], location)
    }

    private func checkQuestions(_ location: SourceLocation) {
        expect("ask", [false, "accept true"], location)
        expect("release", "completed", location)
        expect("asked", ["peer: Deploy web?", "peer: Deploy all?"], location)
    }

    private func checkContents(_ location: SourceLocation) {
        func has(_ key: String, _ values: String...) {
            for value in values {
                #expect(
                    seen[key]?.arrayValue?.contains(.string(value)) == true,
                    "\(key): \(value)",
                    sourceLocation: location
                )
            }
        }
        has("resources", "peer://note", "peer://counter", "muster://workflows/sum")
        has("templates", "peer://of/{name}", "muster://workflows/{name}")
        has("prompts", "x_peer_review", "run_workflow")
        expect("note", ["peer://note", "text/plain", "a note, größer"], location)
        expect("memo", ["peer://of/ann", "text/plain", "memo of ann"], location)
        #expect([-32002, -32602, -32603].contains(seen["missing"]), "\(seen)", sourceLocation: location)
        expect("prompt", ["user", "Review this: x = 1"], location)
        guard !lacks.contains(.completion) else { return }
        expect("completion", [["v-one", "v-two"], 7, true], location)
        expect("templateCompletion", [["v-one"], 0, false], location)
    }
}
