import Diagnostics
import Foundation
import JSON
import Logging
import MCPTransports
import NIOPosix
import ServiceManagement
import Synchronization
import Testing
import ToolBridges
import ToolCatalog
import WorkflowLoading
import WorkflowModel

@Suite("Servers behind muster", .serialized, .timeLimit(.minutes(5)))
struct AggregationTests {
    private static let script =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/") + "/Fixtures/aggregated_server.py"

    private static func local(
        _ name: String,
        _ tools: [String],
        _ extra: JSONObject = [:]
    ) throws
        -> MCPServerDefinition
    {
        let words: [JSONValue] = (["-u", script, "stdio", name] + tools).map { .string($0) }
        return try definition(name, ["type": "stdio", "command": "python3", "args": .array(words)], extra)
    }

    private static func definition(
        _ name: String,
        _ spec: JSONObject,
        _ extra: JSONObject
    ) throws -> MCPServerDefinition {
        var spec = spec
        spec["autoStart"] = true
        for (key, value) in extra { spec[key] = value }
        let (server, diagnostics) = DefinitionDecoder.decodeMCPServer(name: name, spec: spec, mode: .strict)
        return try #require(server, "\(diagnostics.rendered())")
    }

    /// A catalogue with these servers, started.
    private final class Bench: Sendable {
        let catalog: ToolCatalog
        let servers: ExternalServers
        let changes = Mutex(0)

        init(
            _ definitions: [MCPServerDefinition],
            yolo: Bool = false,
            change: (inout ExternalServers.Settings) -> Void = { _ in }
        ) {
            let catalog = ToolCatalog(policy: CallPolicy(allowsDestructiveTools: yolo))
            var settings = ExternalServers.Settings(
                musterPrefix: "x",
                version: "0",
                backoff: ServerBackoff(initial: .milliseconds(100), limit: .seconds(1))
            )
            change(&settings)
            self.catalog = catalog
            servers = ExternalServers(
                definitions: definitions,
                settings: settings,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Timestamp(microseconds: 0) },
                toolsChanged: { catalog.toolsChanged() }
            )
            catalog.register(servers)
            catalog.onChange { [weak self] in self?.changes.withLock { $0 += 1 } }
        }

        func call(
            _ tool: String,
            _ arguments: JSONObject = [:],
            _ context: CallContext = CallContext()
        ) async throws -> JSONValue {
            let result = try await catalog.call(tool, arguments, context)
            try #require(!result.isError, "\(result.errorText)")
            return try JSONValue(parsing: try #require(result.texts.first))
        }

        func error(_ tool: String, _ arguments: JSONObject = [:]) async -> String {
            do throws(ToolCallError) {
                let result = try await catalog.call(tool, arguments)
                return result.isError ? result.errorText : "(no error)"
            } catch {
                return error.message
            }
        }

        /// Waits until something is so, for at most ten seconds.
        func eventually(_ what: String, _ isSo: () -> Bool) async throws {
            let end = ContinuousClock.now + .seconds(10)
            while !isSo() {
                try #require(ContinuousClock.now < end, "not in time: \(what)")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private static func with(
        _ definitions: [MCPServerDefinition],
        yolo: Bool = false,
        change: (inout ExternalServers.Settings) -> Void = { _ in },
        _ body: (Bench) async throws -> Void
    ) async throws {
        let bench = Bench(definitions, yolo: yolo, change: change)
        await bench.servers.startAutomatic()
        do {
            try await body(bench)
        } catch {
            await bench.servers.shutDown()
            throw error
        }
        await bench.servers.shutDown()
    }

    /// The aggregated server over HTTP, as a child.
    private static func remote(_ name: String, environment: [String: String] = [:]) async throws -> (ChildProcess, Int)
    {
        let (lines, feed) = AsyncStream<String>.makeStream()
        let child = try await ChildProcess.start(
            ChildLaunch(command: "python3", arguments: [script, "http", name], environment: environment),
            group: MultiThreadedEventLoopGroup.singleton,
            events: ChildProcess.Events(
                onLine: { _ in },
                onErrorLine: { feed.yield(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { _ in feed.finish() }
            )
        )
        for await line in lines {
            if let port = line.split(separator: "port=").last.flatMap({ Int($0) }) { return (child, port) }
        }
        throw CancellationError()
    }

    // MARK: Names and results

    @Test("C-36 content, structured content, metadata and error mark of a result come through as they are")
    func wholeResults() async throws {
        try await Self.with([try Self.local("a", ["blocks"])]) { bench in
            let result = try await bench.catalog.call("x_a_blocks")
            #expect(result.isError)
            #expect(result.content.map { $0["type"] } == ["image", "new", "resource_link"])
            #expect(result.content[1]["odd"]?[0]?.text() == "1.0")
            #expect(result.structuredContent?.text() == #"{"deep":[1,2.5,"x"]}"#)
            #expect(result.meta == ["own": true])
        }
    }

    @Test("C-33 errors of servers and missing tools are told in words")
    func errors() async throws {
        try await Self.with([try Self.local("a", ["fault"])]) { bench in
            #expect(await bench.error("x_a_fault") == "tool execution failed: the other side is out of order")
            #expect(await bench.error("x_a_none") == "tool not found: x_a_none")
            _ = try await bench.servers.stop("a")
            #expect(await bench.error("x_a_fault") == "tool not found: x_a_fault (server not found: a is stopped)")
            #expect(bench.catalog.tools.isEmpty)
            #expect(try await bench.servers.start("a") == .changed)
            #expect(try await bench.servers.start("a") == .alreadySo)
            #expect(bench.catalog.tools.count == 1)
            await bench.servers.remove("a")
            #expect(await bench.error("x_a_fault").contains("server not found: a was removed"))
            #expect(bench.servers.server("a") == nil)
        }
    }

    @Test func familyCallsGoWhereTheArgumentSays() async throws {
        let family: JSONObject = ["family": ["name": "sites", "instanceArg": "site"]]
        try await Self.with([try Self.local("a", ["t"], family), try Self.local("b", ["t"], family)]) { bench in
            let seen = try await bench.call("x_sites_t", ["site": "b", "x": 1])
            #expect(seen["server"] == "b")
            #expect(seen["arguments"] == ["x": 1])
            #expect(await bench.error("x_sites_t").contains("the \"site\" parameter is required"))
            _ = try await bench.servers.stop("b")
            let gone = await bench.error("x_sites_t", ["site": "b"])
            #expect(gone == #"tool x_sites_t is not available on server "b" (available: a)"#)
            _ = try await bench.servers.stop("a")
            #expect(await bench.error("x_sites_t").contains("server not found: a is stopped; b is stopped"))
        }
    }

    @Test func destructiveToolsAreRefusedOnEveryPathUnlessAllowed() async throws {
        let family: JSONObject = ["family": ["name": "k", "instanceArg": "site"]]
        let servers = [try Self.local("a", ["cleanup"]), try Self.local("b", ["kubectl_delete"], family)]
        try await Self.with(servers) { bench in
            let text = "is blocked as it is destructive. Use --yolo flag to allow destructive operations"
            #expect(await bench.error("x_a_cleanup") == "tool 'x_a_cleanup' \(text)")
            #expect(await bench.error("x_k_kubectl_delete", ["site": "b"]) == "tool 'x_k_kubectl_delete' \(text)")
        }
        try await Self.with(servers, yolo: true) { bench in
            let seen = try await bench.call("x_a_cleanup")
            #expect(seen["tool"] == "cleanup")
        }
    }

    @Test("C-17 wishes for headers are passed on where they keep the rules, and left out where they do not")
    func wishesForHeaders() async throws {
        try await Self.with([try Self.local("a", ["routed", "misrouted"])]) { bench in
            let routed = bench.catalog.descriptor(of: "x_a_routed")?.inputSchema["properties"]
            #expect(routed == ["x": ["type": "string", "x-mcp-header": "X"]])
            let misrouted = bench.catalog.descriptor(of: "x_a_misrouted")?.inputSchema["properties"]
            #expect(misrouted == ["x": ["type": "number", "default": ["x-mcp-header": 1]]])
            let seen = try await bench.call("x_a_misrouted", ["x": 1])
            #expect(seen["arguments"] == ["x": 1])
        }
    }

    // MARK: Supervision

    @Test("C-26 a server that dies fails its call at once, is told about with its last words, and comes back by itself")
    func deathAndReturn() async throws {
        try await Self.with([try Self.local("a", ["die", "t"])]) { bench in
            let error = await bench.error("x_a_die")
            #expect(error.contains("exit status 7"), "\(error)")
            #expect(error.contains("out of memory"), "\(error)")
            try await bench.eventually("running again") {
                bench.servers.server("a").map { $0.state == .running && $0.life.generation > 1 } ?? false
            }
            #expect(try await bench.call("x_a_t")["tool"] == "t")
        }
    }

    @Test("C-80 servers that hang or cannot start delay nobody", .timeLimit(.minutes(1)))
    func badNeighbours() async throws {
        let hanging = try Self.definition(
            "hang",
            ["type": "stdio", "command": "sleep", "args": ["600"], "timeout": 30],
            [:]
        )
        let broken = try Self.definition("broken", ["type": "stdio", "command": "no-such-command"], [:])
        let gone = try Self.definition("gone", ["type": "streamable-http", "url": "http://127.0.0.1:9/mcp"], [:])
        let bench = Bench([hanging, broken, gone, try Self.local("good", ["t"])])
        async let starting: Void = bench.servers.startAutomatic()
        try await bench.eventually("good runs") { bench.servers.server("good")?.state == .running }
        #expect(bench.servers.server("hang")?.state == .starting)
        #expect(try await bench.call("x_good_t")["server"] == "good")
        #expect(await bench.servers.resources().count == 3)
        try await bench.eventually("broken is told about") { bench.servers.server("broken")?.error != nil }
        let status = bench.servers.server("broken")?.statusMessage
        #expect(status == "Command not found - check the executable path" || status == "Starting...")
        _ = try? await bench.servers.stop("hang")
        await bench.servers.shutDown()
        await starting
    }

    @Test func startThatIsUnderWayIsWaitedFor() async throws {
        let bench = Bench([try Self.local("a", ["t"])])
        async let first = bench.servers.start("a")
        async let second = bench.servers.start("a")
        let both = try await [first, second]
        #expect(both.contains(.changed))
        #expect(bench.servers.server("a")?.state == .running)
        await bench.servers.shutDown()
    }

    @Test("F-20 announced changes are taken in; a flood of them lists a few times only")
    func listChanged() async throws {
        try await Self.with([try Self.local("a", ["grow", "t"])]) { bench in
            let before = bench.changes.withLock { $0 }
            _ = try await bench.catalog.call("x_a_grow")
            try await bench.eventually("new tool") { bench.catalog.descriptor(of: "x_a_grown") != nil }
            // Announcements are looked at in order: with the second flood's tool the first flood is over.
            _ = try await bench.catalog.call("x_a_grow")
            try await bench.eventually("another tool") { bench.catalog.descriptor(of: "x_a_grown2") != nil }
            let lists = try #require(try await bench.call("x_a_t")["lists"]?.integerValue)
            #expect(lists <= 6, "listed \(lists) times")
            #expect(bench.changes.withLock { $0 } - before <= 4)
        }
    }

    @Test("no more calls run at once than the definition says")
    func callLimit() async throws {
        try await Self.with([try Self.local("a", ["slow", "t"], ["maxConcurrentCalls": 2])]) { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<12 { group.addTask { _ = try await bench.catalog.call("x_a_slow") } }
                try await group.waitForAll()
            }
            #expect(try await bench.call("x_a_t")["most"] == 2)
        }
    }

    @Test func serverThatNeverAnswersIsLeftAloneAfterFiveCalls() async throws {
        try await Self.with([try Self.local("a", ["hang"])]) { bench in
            for _ in 0..<CircuitBreaker.threshold {
                let context = CallContext(timeout: .milliseconds(30))
                do throws(ToolCallError) {
                    _ = try await bench.catalog.call("x_a_hang", [:], context)
                } catch {
                    #expect(error.code == .timedOut)
                    #expect(error.message == "x_a_hang: no answer within 0.03 seconds")
                }
            }
            #expect(await bench.error("x_a_hang").contains("has not answered the last 5 calls"))
        }
    }

    @Test("remote servers are pinged, given up when gone, and connected anew when they are back")
    func remoteReturns() async throws {
        let (child, port) = try await Self.remote("r")
        let spec: JSONObject = ["type": "streamable-http", "url": .string("http://127.0.0.1:\(port)/mcp")]
        let server = try Self.definition("r", spec, [:])
        try await Self.with([server], change: { $0.healthInterval = .milliseconds(50) }) { bench in
            #expect(bench.servers.server("r")?.serviceJSON?["state"] == "connected")
            #expect(bench.servers.server("r")?.info(showsSecrets: false, showsError: true)["state"] == "Connected")
            #expect(try await bench.call("x_r_echo", ["x": 1])["arguments"] == ["x": 1])
            await child.terminate(patience: .milliseconds(100))
            try await bench.eventually("given up") { bench.servers.server("r")?.isFailed == true }
            #expect(await bench.error("x_r_echo").contains("server not found: r is "))
            try await bench.eventually("unreachable") { bench.servers.server("r")?.state == .unreachable }
            let (again, _) = try await Self.remote("r", environment: ["PORT": "\(port)"])
            try await bench.eventually("back") { bench.servers.server("r")?.state == .running }
            #expect(try await bench.call("x_r_echo")["server"] == "r")
            _ = try await bench.servers.stop("r")
            #expect(bench.servers.server("r")?.serviceJSON?["state"] == "disconnected")
            await again.terminate(patience: .milliseconds(100))
        }
    }

    @Test(
        "C-74, C-77 tokens come from the definition, a file, a variable or a command, and are shown to nobody",
        arguments: ["token", "tokenFile", "tokenEnv", "tokenCommand"]
    )
    func tokens(_ kind: String) async throws {
        let (child, port) = try await Self.remote("r", environment: ["WANTED_TOKEN": "s3cret-token"])
        let file = NSTemporaryDirectory() + "token-\(UUID().uuidString)"
        try Data("s3cret-token\n".utf8).write(to: URL(fileURLWithPath: file))
        setenv("MUSTER_TEST_TOKEN", "s3cret-token", 1)
        let value: JSONValue =
            switch kind {
            case "token": "s3cret-token"
            case "tokenFile": .string(file)
            case "tokenEnv": "MUSTER_TEST_TOKEN"
            default: ["cat", .string(file)]
            }
        let spec: JSONObject = [
            "type": "streamable-http", "url": .string("http://127.0.0.1:\(port)/mcp"),
            "auth": .object([(kind, value)].asObject),
        ]
        try await Self.with([try Self.definition("r", spec, [:])]) { bench in
            let seen = try await bench.call("x_r_echo")
            #expect(seen["server"] == "r")
            let shown = bench.servers.server("r")?.info(showsSecrets: true, showsError: true)
            #expect(shown.map { JSONValue.object($0).text().contains("s3cret") } == false)
        }
        var wrong = spec
        wrong["auth"] = ["token": "wrong"]
        try await Self.with([try Self.definition("r", wrong, [:])]) { bench in
            #expect(bench.servers.server("r")?.state == .authorizationRequired)
            #expect(bench.servers.server("r")?.serviceJSON?["state"] == "auth_required")
            let status = try await bench.servers.read("auth://status")?["contents"]?[0]?["text"]?.stringValue
            #expect(status?.hasPrefix(#"{"servers":[{"name":"r","status":"auth_required""#) == true)
            #expect(bench.servers.server("r")?.info(showsSecrets: false, showsError: false)["state"] == "Auth Required")
        }
        try FileManager.default.removeItem(atPath: file)
        await child.terminate(patience: .milliseconds(100))
    }

    @Test("C-78 trace context is passed on, progress tokens and the rest are our own")
    func traceContext() async throws {
        try await Self.with([try Self.local("a", ["t"])]) { bench in
            var context = CallContext(progress: { _ in })
            context.trace = ["traceparent": "00-1-2-01", "other": "x"]
            let meta = try await bench.call("x_a_t", [:], context)["meta"]
            #expect(meta?["traceparent"] == "00-1-2-01")
            #expect(meta?["other"] == nil)
            #expect(meta?["progressToken"]?.integerValue != nil)
        }
    }

    // MARK: Many tools, resources, prompts

    @Test("10,000 tools come page by page, once, and another server's change does not list them again")
    func manyTools() async throws {
        try await Self.with([try Self.local("many", ["many"]), try Self.local("b", ["grow"])]) { bench in
            #expect(bench.catalog.tools.count == 10_001)
            _ = try await bench.catalog.call("x_b_grow")
            try await bench.eventually("new tool") { bench.catalog.descriptor(of: "x_b_grown") != nil }
            #expect(try await bench.call("x_many_tool_09999")["lists"] == 100)
        }
    }

    @Test("resources and prompts of servers are merged under names of ours")
    func contents() async throws {
        try await Self.with([try Self.local("a", ["t"]), try Self.local("b", ["t"])]) { bench in
            let uris = await bench.servers.resources().compactMap { $0["uri"]?.stringValue }
            #expect(uris == ["auth://status", "note://a/1", "x_a_plain", "note://b/1", "x_b_plain"])
            func read(_ uri: String) async throws -> String? {
                try await bench.servers.read(uri)?["contents"]?[0]?["text"]?.stringValue
            }
            #expect(try await read("x_b_plain") == "b has plain")
            #expect(try await read("note://b/1") == "b has note://b/1")
            #expect(try await read("item://a/7") == "a has item://a/7")
            #expect(try await bench.servers.read("item://c/7") == nil)
            #expect(await bench.servers.prompts().map { $0["name"] } == ["x_a_greet", "x_b_greet"])
            let prompt = try await bench.servers.prompt("x_b_greet", ["who": "me"])
            #expect(prompt?["messages"]?[0]?["content"]?["text"]?.stringValue?.hasPrefix("b ") == true)
            #expect(try await bench.servers.prompt("x_c_greet", [:]) == nil)
            let updates = Mutex<[String]>([])
            bench.servers.onContentChange { change in
                if case .updated(let uri) = change { updates.withLock { $0.append(uri) } }
            }
            bench.servers.watch("x_a_plain", true)
            try await bench.eventually("update") { updates.withLock { $0 } == ["x_a_plain"] }
        }
    }

    @Test(
        "C-40 C-44 a list is shown as long as its server says, also where that refuses to tell of changes",
        arguments: [
            (["60000"], 1), (["0"], 3), (["-5"], 3), ([], 3), (["60000", "announces"], 1), (["0", "announces"], 3),
        ]
            as [([String], Int64)]
    )
    func timeToLive(words: [String], asked: Int64) async throws {
        let script = Self.script.replacing("aggregated_server", with: "aging_server")
        let arguments: [JSONValue] = ([script] + words).map { .string($0) }
        let server = try Self.definition("a", ["type": "stdio", "command": "python3", "args": .array(arguments)], [:])
        try await Self.with([server]) { bench in
            for _ in 0..<2 { _ = await bench.servers.resources() }
            let last = await bench.servers.resources().last?["name"]
            #expect(last == .string("list \(asked)"))
            // To find whose a resource is no list is asked for anew.
            let read = try await bench.servers.read("list://now")?["contents"]?[0]?["text"]
            #expect(read == .string("\(asked) lists"))
        }
    }

    @Test("C-40 the tools of a server that tells of no changes are asked for again when they are old")
    func toolsGrowOld() async throws {
        let script = Self.script.replacing("aggregated_server", with: "aging_server")
        let server = try Self.definition(
            "a",
            ["type": "stdio", "command": "python3", "args": [.string(script), "20", "tools"]],
            [:]
        )
        try await Self.with([server], change: { $0.shortestListAge = .milliseconds(5) }) { bench in
            try await bench.eventually("third list") { bench.catalog.descriptor(of: "x_a_t3") != nil }
            #expect(bench.catalog.descriptor(of: "x_a_t1") == nil)
        }
    }

    @Test("C-41 lists are asked for at most as often as we want, less often while nothing changes, and never in step")
    func listAge() {
        var age = ListAge(.milliseconds(10), shortest: .seconds(10))
        #expect(age.wait(jitter: 0) == .seconds(10))
        #expect(age.wait(jitter: 1) == .seconds(11))
        age.listed(.seconds(30), isChanged: true)
        #expect(age.wait(jitter: 0) == .seconds(30))
        for _ in 0..<9 { age.listed(.zero, isChanged: false) }
        #expect(age.wait(jitter: 0) == .seconds(480))
        age.listed(.seconds(30), isChanged: true)
        #expect(age.wait(jitter: 0) == .seconds(30))
    }

    @Test("what a tool's result links to can be read, though no list has it")
    func links() async throws {
        try await Self.with([try Self.local("a", ["t"]), try Self.local("b", ["blocks"])]) { bench in
            let before = try await bench.servers.read("x://y")
            #expect(before == nil)
            _ = try await bench.catalog.call("x_b_blocks")
            let read = try await bench.servers.read("x://y")
            #expect(read?["contents"]?[0]?["text"] == "b has x://y")
            _ = try await bench.servers.stop("b")
            let after = try await bench.servers.read("x://y")
            #expect(after == nil)
        }
    }

    @Test func definitionsComeAndChangeAndGo() async throws {
        try await Self.with([try Self.local("a", ["t"])]) { bench in
            await bench.servers.put(try Self.local("b", ["t"]))
            #expect(try await bench.call("x_b_t")["server"] == "b")
            let before = bench.servers.server("b")?.life.generation
            await bench.servers.put(try Self.local("b", ["t"], ["description": "new words"]))
            #expect(bench.servers.server("b")?.life.generation == before)
            await bench.servers.put(try Self.local("b", ["u"]))
            #expect(try await bench.call("x_b_u")["server"] == "b")
            #expect(await bench.error("x_b_t") == "tool not found: x_b_t")
            let others = [try Self.local("c", ["t"])]
            bench.servers.reconcileSoon { others }
            try await bench.eventually("c runs") { bench.servers.server("c")?.state == .running }
            #expect(bench.servers.all.map(\.definition.name) == ["c"])
            #expect(try await bench.call("x_c_t")["server"] == "c")
        }
    }
}

extension [(String, JSONValue)] {
    fileprivate var asObject: JSONObject { JSONObject(self) }
}
