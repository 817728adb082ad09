import Glibc
import JSON
import MCPProtocol
import MCPTransports
import NIOPosix
import Testing
import WireChecks

let loops = MultiThreadedEventLoopGroup.singleton

@Suite("Stdio client", .wireChecked(.client), .timeLimit(.minutes(4)))
struct MCPStdioClientTests {
    private func definition(_ mode: String) -> MCPClient.Definition {
        var definition = MCPClient.Definition(
            command: "python3",
            arguments: [Places.fixture("scripted_server.py"), mode]
        )
        if let tap = WireTap.current { definition.launch.environment["WIRE_NOTES"] = tap.file() }
        // Python takes long to begin where other tests run beside.
        definition.handshakeTimeout = .seconds(50)
        definition.probeTimeout = .seconds(50)
        return definition
    }

    private func start(
        _ mode: String,
        _ observer: MCPClient.Observer = .init(),
        change: (inout MCPClient.Definition) -> Void = { _ in }
    ) async throws(MCPClientError) -> MCPClient {
        var definition = definition(mode)
        change(&definition)
        return try await MCPClient.start(definition, observer: observer, logger: quiet)
    }

    private func startError(
        _ mode: String,
        change: (inout MCPClient.Definition) -> Void = { _ in }
    ) async throws -> MCPClientError {
        do throws(MCPClientError) {
            let client = try await start(mode, change: change)
            await client.close()
        } catch {
            return error
        }
        throw MCPClientError(.invalidResponse, "the server \(mode) started")
    }

    private func callError(_ client: MCPClient, _ tool: String, timeout: Duration? = nil) async -> MCPClientError? {
        do throws(MCPClientError) {
            _ = try await client.callTool(tool, arguments: [:], timeout: timeout)
            return nil
        } catch {
            return error
        }
    }

    @Test func shakesHandsWithALegacyServerAndKeepsToolsAsTheyAre() async throws {
        let client = try await start("plain")
        #expect(client.server.version.text == "2025-06-18")
        #expect(client.server.info?.name == "scripted")
        #expect(client.server.instructions == "be nice")
        let tools = try await client.listTools()
        #expect(
            tools.map { $0.text() } == [
                #"{"name":"t","description":"d","inputSchema":{"type":"object","x-odd":[1.0,2]}}"#
            ]
        )
        try await client.ping(timeout: .seconds(40))
        let id = client.processID
        await client.close()
        #expect(isGone(id))
    }

    @Test func speaksTheModernProtocolWhenTheServerDoes() async throws {
        let changes = Probe<Void>()
        var observer = MCPClient.Observer()
        observer.onListChanged = { _ in changes.add(()) }
        let client = try await start("modern", observer)
        #expect(client.server.version == .modern)
        #expect(client.server.info?.name == "new")
        _ = await changes.first(1)
        let result = try await client.callTool("t", arguments: [:], meta: ["own": 1])
        #expect(result["_meta"]?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
        #expect(result["_meta"]?["own"] == 1)
        #expect(await callError(client, "odd")?.code == .invalidResponse)
        await client.close()
    }

    @Test func fallsBackWhenTheProbeIsNotAnswered() async throws {
        let client = try await start("silent-probe") { $0.probeTimeout = .milliseconds(50) }
        #expect(client.server.version.era == .legacy)
        await client.close()
    }

    @Test func startsAgainWhenTheProbeEndsTheProcess() async throws {
        let client = try await start("exit-on-probe")
        #expect(client.server.version.era == .legacy)
        await client.close()
    }

    @Test func missingCommandIsSaid() async throws {
        let error = try await startError("plain") { $0.launch.command = "no-such-command-here" }
        #expect(error.code == .commandNotFound)
        #expect(error.message.hasPrefix("Command not found: no-such-command-here is not on the PATH"))
        let path = try await startError("plain") { $0.launch.command = "/no/such/file" }
        #expect(path.message == "Command not found: /no/such/file does not exist")
    }

    @Test func fileThatIsNotExecutableIsSaid() async throws {
        let error = try await startError("plain") { $0.launch.command = Places.fixture("scripted_server.py") }
        #expect(error.code == .permissionDenied)
        let folder = try await startError("plain") { $0.launch.workingDirectory = "/no/such/folder" }
        #expect(folder.code == .cannotStart)
        #expect(folder.message.contains("/no/such/folder"))
    }

    @Test func exitDuringTheHandshakeTellsStatusAndLastWords() async throws {
        let error = try await startError("exit")
        #expect(error.code == .exited)
        #expect(error.exit == .exited(code: 3))
        #expect(error.message.contains("exit status 3"))
        #expect(error.standardError == ["cannot find my configuration"])
    }

    @Test func hangingServerTimesOut() async throws {
        let error = try await startError("hang") {
            $0.handshakeTimeout = .milliseconds(300)
            $0.probeTimeout = .milliseconds(100)
        }
        #expect(error.code == .handshakeTimedOut)
    }

    @Test func serverThatPrintsGarbageIsQuoted() async throws {
        let error = try await startError("garbage") { $0.handshakeTimeout = .seconds(4) }
        #expect(error.code == .handshakeTimedOut)
        #expect(error.message.contains("Welcome to a program that speaks no JSON"))
        #expect(error.message.utf8.count < 500)
        let exited = try await startError("garbage-exit")
        #expect(exited.message.contains("Usage: scripted_server [options]"))
    }

    @Test func refusedHandshakeTellsTheServersMessage() async throws {
        let error = try await startError("refuse")
        #expect(error.code == .handshakeFailed)
        #expect(error.message.contains("the licence has run out"))
    }

    @Test func bannerOnStandardOutputIsSkippedAndCounted() async throws {
        let client = try await start("banner")
        #expect(client.skippedLineCount == 1)
        #expect(try await client.listTools().count == 1)
        await client.close()
    }

    @Test func deathDuringACallFailsItWithStatusAndLastWords() async throws {
        let exits = Probe<ProcessExit>()
        var observer = MCPClient.Observer()
        observer.onExit = { exit, _ in exits.add(exit) }
        let client = try await start("plain", observer)
        let error = try #require(await callError(client, "die"))
        #expect(error.code == .exited)
        #expect(error.exit == .exited(code: 7))
        #expect(error.message.contains("out of memory"))
        #expect(await exits.first(1) == [.exited(code: 7)])
        #expect(!client.isRunning)
        #expect(await callError(client, "t")?.code == .exited)
        await client.close()
        #expect(exits.values.count == 1)
    }

    @Test func signalIsNamed() async throws {
        let client = try await start("plain")
        let error = try #require(await callError(client, "killed"))
        #expect(error.message.contains("killed by signal 9 (SIGKILL)"))
        await client.close()
    }

    @Test func callsAreAnsweredInAnyOrder() async throws {
        let client = try await start("plain")
        async let first = client.callTool("reverse", arguments: ["n": 1])
        async let second = client.callTool("reverse", arguments: ["n": 2])
        #expect(try await first["structuredContent"]?["n"] == 1)
        #expect(try await second["structuredContent"]?["n"] == 2)
        await client.close()
    }

    @Test func errorOfTheServerIsPassedOnVerbatim() async throws {
        let client = try await start("plain")
        let error = try #require(await callError(client, "error"))
        #expect(error.code == .remote)
        #expect(error.message == "the disk is full: /dev/sda1")
        #expect(error.remoteError?.code == -32050)
        #expect(error.remoteError?.data == ["free": 0])
        await client.close()
    }

    @Test func timeoutCancelsTheCallAtTheServer() async throws {
        let lines = Probe<String>()
        var observer = MCPClient.Observer()
        observer.onStandardError = { lines.add($0) }
        let client = try await start("plain", observer)
        let error = try #require(await callError(client, "never", timeout: .milliseconds(50)))
        #expect(error.code == .timedOut)
        #expect(await lines.first(1)[0].hasPrefix("cancelled "))
        await client.close()
    }

    @Test func cancelledTaskCancelsTheCallAtTheServer() async throws {
        let lines = Probe<String>()
        var observer = MCPClient.Observer()
        observer.onStandardError = { lines.add($0) }
        let client = try await start("plain", observer)
        let task = Task { await callError(client, "never") }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(await lines.first(1)[0].hasPrefix("cancelled "))
        await client.close()
    }

    @Test func requestsOfTheServerAreAnswered() async throws {
        let client = try await start("plain")
        let result = try await client.callTool("ask", arguments: [:])
        let answers = try #require(result["structuredContent"]?["answers"])
        #expect(answers[0]?["id"] == "p-1")
        #expect(answers[0]?["result"] == [:])
        #expect(answers[1]?["id"] == 99)
        #expect(answers[1]?["error"]?["code"] == -32601)
        await client.close()
    }

    @Test func pagesAreJoinedAndCyclesEndTheList() async throws {
        let client = try await start("pages")
        #expect(try await client.listTools().map { $0["name"] } == ["t0", "t1", "t2"])
        await client.close()
        let cycling = try await start("cycle")
        await #expect(throws: MCPClientError.self) { try await cycling.listTools() }
        await cycling.close()
    }

    @Test func changeOfToolsIsTold() async throws {
        let changes = Probe<Void>()
        var observer = MCPClient.Observer()
        observer.onListChanged = { _ in changes.add(()) }
        let client = try await start("changing", observer)
        _ = await changes.first(1)
        await client.close()
    }

    @Test func standardErrorIsKeptWithinItsLimits() async throws {
        let lines = Probe<String>()
        var observer = MCPClient.Observer()
        observer.onStandardError = { lines.add($0) }
        let client = try await start("stderr", observer)
        let all = await lines.first(30)
        #expect(all.first == "line 0 y")
        let kept = client.recentStandardError
        #expect(kept.count == 20)
        #expect(kept.first == "line 10 y")
        #expect(kept.last?.utf8.count == 4096)
        await client.close()
    }

    @Test func childStartsClean() async throws {
        setenv("MUSTER_TEST_SECRET", "1", 1)
        let client = try await start("plain") {
            $0.launch.environment = ["EXTRA": "x=y"]
            $0.launch.workingDirectory = "/usr"
        }
        let facts = try #require(try await client.callTool("environment", arguments: [:])["structuredContent"])
        #expect(facts["variables"]?["EXTRA"] == "x=y")
        #expect(facts["variables"]?["PATH"] != nil)
        #expect(facts["variables"]?["MUSTER_TEST_SECRET"] == nil)
        #expect(facts["directory"] == "/usr")
        #expect(facts["group"] == true)
        // 3 is the listing itself; Python ignores SIGPIPE (13) and SIGXFSZ (25) of its own accord.
        #expect(facts["files"] == [0, 1, 2, 3])
        let signals = facts["signals"]?.arrayValue?.compactMap(\.stringValue).joined()
        #expect(signals == "SigBlk:\t0000000000000000\nSigIgn:\t0000000001001000\n")
        await client.close()
    }

    @Test func stubbornServerIsKilledWithItsFamily() async throws {
        let stubborn = try await start("stubborn")
        let id = stubborn.processID
        await stubborn.close()
        #expect(isGone(id))
        let family = try await start("family")
        let result = try await family.callTool("grandchild", arguments: [:])
        let grandchild = try #require(result["structuredContent"]?["pid"]?.integerValue)
        await family.close()
        // It is a child of whoever adopts orphans here, who may not have collected it yet.
        #expect(isGone(Int32(grandchild)) || isZombie(grandchild))
    }

    @Test func closingFailsRunningCalls() async throws {
        let client = try await start("plain")
        async let failure = callError(client, "never")
        // The call is under way once a later one has been answered.
        _ = try await client.callTool("t", arguments: [:])
        await client.close()
        await client.close()
        #expect(await failure?.code == .closed)
    }

    @Test(.enabled(if: hasOfficialSDK)) func talksToTheOfficialServer() async throws {
        var definition = MCPClient.Definition(tapped: "python3", [Places.fixture("fastmcp_server.py")])
        // It loads much before it answers.
        definition.handshakeTimeout = .seconds(50)
        definition.probeTimeout = .seconds(40)
        let client = try await MCPClient.start(definition, logger: quiet)
        #expect(client.server.info?.name == "official")
        #expect(
            try await client.listTools().compactMap { $0["name"]?.stringValue } == [
                "add", "broken", "count", "wait", "confirm",
            ]
        )
        let sum = try await client.callTool("add", arguments: ["a": 1, "b": 2])
        #expect(sum["structuredContent"] == ["result": 3])
        let broken = try await client.callTool("broken", arguments: [:])
        #expect(broken["isError"] == true)
        let progress = Probe<MCPProgress>()
        _ = try await client.callTool("count", arguments: [:]) { progress.add($0) }
        #expect(progress.values == (1...3).map { MCPProgress(progress: Double($0), total: 3, message: "step \($0)") })
        #expect(await callError(client, "wait", timeout: .milliseconds(100))?.code == .timedOut)
        try await client.ping(timeout: .seconds(40))
        let id = client.processID
        await client.close()
        #expect(isGone(id))
    }

    @Test("C-59 progress tokens are those of open calls; others reach nobody")
    func progressTokens() async throws {
        let client = try await start("plain")
        let seen = Probe<String>()
        let results = try await withThrowingTaskGroup(of: JSONObject.self) { group in
            for name in ["a", "b"] {
                let options = MCPCallOptions(onProgress: { seen.add("\(name) \($0.message ?? "")") })
                group.addTask { try await client.callTool("report", arguments: [:], options: options) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let tokens = results.first?["structuredContent"]?["tokens"]?.arrayValue ?? []
        #expect(Set(tokens).count == 2)
        // One report each.
        #expect(Set(seen.values.compactMap(\.first)) == ["a", "b"])
        #expect(Set(seen.values.map { String($0.dropFirst(2)) }) == Set(tokens.map { $0.text() }))
        #expect(seen.values.count == 2)
        await client.close()
    }

    @Test("C-44 a server that refuses subscriptions/listen is used without, and not asked again")
    func refusedListen() async throws {
        let refusals = Probe<String>()
        var observer = MCPClient.Observer()
        observer.onStandardError = { refusals.add($0) }
        let client = try await start("deaf", observer)
        #expect(client.server.version == .modern)
        _ = await refusals.first(1)
        #expect(try await client.listTools().count == 1)
        #expect(!client.hearsOfChanges)
        // Another wish is another question.
        await client.watch(["a://b"])
        _ = await refusals.first(2)
        #expect(try await client.listTools().count == 1)
        #expect(refusals.values.count == 2)
        await client.close()
    }

    @Test("an answer that cannot be read fails its call at once", arguments: ["deep", "split"])
    func unreadableAnswer(_ tool: String) async throws {
        let client = try await start("plain")
        let error = await callError(client, tool, timeout: .seconds(50))
        #expect(error?.code == .invalidResponse, "\(String(describing: error))")
        #expect(error?.message.hasPrefix("the answer is no JSON: ") == true)
        try await client.ping(timeout: .seconds(40))
        await client.close()
    }
}

extension MCPClient.Definition {
    /// A server whose lines are noted if the test's suite holds them against the schemas.
    init(tapped command: String, _ arguments: [String]) {
        let words = WireTap.wrapped(command, arguments)
        self.init(command: words.command, arguments: words.arguments)
    }

    var launch: ChildLaunch {
        get { if case .process(let launch) = endpoint { launch } else { ChildLaunch(command: "") } }
        set { endpoint = .process(newValue) }
    }
}

private func isZombie(_ id: Int64) -> Bool {
    guard let file = fopen("/proc/\(id)/stat", "r") else { return true }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, 256, file) != nil else { return true }
    return String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self).contains(") Z ")
}
