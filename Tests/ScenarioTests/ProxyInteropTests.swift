import Glibc
import JSON
import Testing
import WireChecks

/// Published programs that make another transport of one, before muster and behind it.
///
/// The official Go SDK is on both ends.
@Suite(
    "Proxies of others",
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(if: Requirements.npmPeers.isThere && Requirements.goPeers.isThere)
)
struct ProxyInteropTests {
    private typealias Way = Peers.Way

    /// A way through a program that runs something on standard streams and listens for it.
    struct Proxy: Sendable, CustomTestStringConvertible {
        var name: String
        var options: [String] = []
        /// How its clients speak to it.
        var way: Peers.Way
        var lacks: Set<PeerLack> = []
        /// It takes the command as one text.
        var takesText = false

        var testDescription: String { "\(name), \(way)" }

        func words(_ port: Int, _ command: [String]) -> [String] {
            let words = ["--port", "\(port)"] + options
            return takesText ? words + ["--stdio", command.joined(separator: " ")] : words + ["--"] + command
        }
    }

    /// As its own documentation says, it passes on no questions, and nobody's wish for messages.
    private static func mcpProxy(_ way: Way, _ options: String...) -> Proxy {
        Proxy(name: "mcp-proxy", options: options, way: way, lacks: [.questions, .logging])
    }

    private static let supergateway = Proxy(name: "supergateway", way: Way("sse", "2025-11-25"), takesText: true)
    /// Its sessions leave out what belongs to no request.
    private static let supergatewaySessions = Proxy(
        name: "supergateway",
        options: ["--outputTransport", "streamableHttp", "--stateful"],
        way: Way("http", "2025-11-25"),
        lacks: [.subscriptions, .changes],
        takesText: true
    )
    /// Without sessions it leaves out cancellation as well.
    private static let supergatewayRequests = Proxy(
        name: "supergateway",
        options: ["--outputTransport", "streamableHttp"],
        way: Way("http", "2026-07-28"),
        lacks: [.subscriptions, .changes, .cancellation],
        takesText: true
    )

    private func start(_ proxy: Proxy, _ command: [String], _ scene: Scene) async throws -> (Program, url: String) {
        let port = Ports.free()
        let program = try scene.start(proxy.words(port, command), of: Peers.program(proxy.name))
        try await scene.waitForListener(port, program)
        return (program, "http://127.0.0.1:\(port)/\(proxy.way.transport == "sse" ? "sse" : "mcp")")
    }

    private func check(_ seen: JSONValue, _ way: Way, _ lacks: Set<PeerLack>) {
        // The proxies are made with the TypeScript SDK.
        PeerReport(seen: seen, lacks: lacks, mayMissProgress: true).check(way)
    }

    private static let inFront = [
        mcpProxy(Way("http", "2025-11-25")),
        mcpProxy(Way("http", "2026-07-28"), "--upstreamProtocol", "auto"),
        mcpProxy(Way("sse", "2025-06-18"), "--upstreamProtocol", "modern"),
        supergateway, supergatewaySessions,
    ]

    @Test(arguments: inFront)
    func proxyOffersMusterOverTheNetwork(_ proxy: Proxy) async throws {
        let scene = try Scene()
        try await scene.addPeer(Peers.goServer, Way("stdio", "any"))
        try scene.addPeerWorkflows()
        let serve = ["serve", "--transport", "stdio", "--config-path", scene.file(".muster")]
        let (program, url) = try await start(proxy, [Places.program("muster")] + serve, scene)
        let target = [proxy.way.transport, url]
        check(
            try await scene.use(Peers.goClient, proxy.way.revision, target, lacks: proxy.lacks),
            proxy.way,
            proxy.lacks
        )
        program.signal(SIGTERM)
        try await program.end()
        try await scene.waitForLeftovers()
    }

    private static let behind = [
        mcpProxy(Way("http", "2025-11-25"), "--no-modern"),
        mcpProxy(Way("http", "2026-07-28"), "--upstreamProtocol", "auto"),
        mcpProxy(Way("sse", "2025-11-25")),
        supergateway, supergatewayRequests,
    ]

    @Test(arguments: behind)
    func musterReachesAServerThroughAProxy(_ proxy: Proxy) async throws {
        let scene = try Scene()
        let server = [Peers.goServer.command, "stdio", "any"]
        let (program, url) = try await start(proxy, server, scene)
        try scene.addRemoteServer("peer", url, type: proxy.way.transport == "sse" ? "sse" : "streamable-http")
        try scene.addPeerWorkflows()
        let client = Way("http", "2026-07-28")
        check(try await scene.use(Peers.goClient, client, lacks: proxy.lacks), client, proxy.lacks)
        program.signal(SIGTERM)
        try await program.end()
        try await scene.waitForLeftovers()
    }

    // MARK: - mcp-remote, the other way round: standard streams to the network

    /// Over HTTP of the revision 2026-07-28 a call is cancelled by closing its stream, where mcp-remote passes the
    /// notification on.
    @Test(arguments: [Way("http", "2025-11-25"), Way("sse", "2025-06-18"), Way("http", "2026-07-28")])
    func mcpRemoteBringsMusterToStandardStreams(_ way: Peers.Way) async throws {
        let lacks: Set<PeerLack> = way.isModern ? [.cancellation] : []
        let scene = try Scene()
        try await scene.addPeer(Peers.goServer, Way("stdio", "any"))
        try scene.addPeerWorkflows()
        let (muster, relay, port) = try await scene.serve()
        let url = "http://127.0.0.1:\(port)/\(way.transport == "sse" ? "sse" : "mcp")"
        let target = ["stdio", Peers.program("mcp-remote"), url, "--transport", "\(way.transport)-only"]
        check(try await scene.use(Peers.goClient, way.revision, target, lacks: lacks), way, lacks)
        try await scene.end(muster, relay)
        try await scene.waitForLeftovers()
    }

    @Test func musterReachesAServerThroughMcpRemote() async throws {
        let scene = try Scene()
        let way = Way("http", "2025-11-25")
        let server = try #require(try await scene.addPeer(Peers.goServer, way))
        let url = try #require(
            scene.read(".muster/mcpservers/peer.yaml").split(separator: "\"").first { $0.hasPrefix("http") }
        )
        let words = [String(url), "--transport", "http-only"]
        try scene.addServer("peer", Peers.program("mcp-remote"), words, extra: "timeout: 60")
        try scene.addPeerWorkflows()
        let client = Way("http", "2026-07-28")
        check(try await scene.use(Peers.goClient, client, lacks: []), client, [])
        server.signal(SIGKILL)
        try await server.end()
        #expect(scene.leftovers == [])
    }
}
