import Glibc
import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

/// What bad servers do over HTTP; after each the same client goes on working.
@Suite("Hostile HTTP servers", .wireChecked(.client), .serialized, .timeLimit(.minutes(5)))
struct HostileHTTPServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var tool: String
        var phrase: String

        static let all = [
            Case(testDescription: "wrong content type", tool: "html", phrase: "content type text/html"),
            Case(testDescription: "no JSON", tool: "no-json", phrase: "no JSON"),
            Case(testDescription: "compressed without being asked", tool: "gzip", phrase: "compressed (gzip)"),
            Case(testDescription: "answers another id", tool: "wrong-id", phrase: "the answer is empty"),
            Case(testDescription: "endless body", tool: "endless", phrase: "larger than 1 MiB"),
            Case(testDescription: "endless event", tool: "endless-event", phrase: "larger than 1 MiB"),
            Case(testDescription: "drips", tool: "drip", phrase: "no answer to tools/call"),
            Case(testDescription: "stream that never ends", tool: "wait", phrase: "no answer to tools/call"),
            Case(testDescription: "breaks off", tool: "break", phrase: "broke off"),
        ]
    }

    private func connect(_ server: ScriptedHTTPServer) async throws -> MCPClient {
        var endpoint = HTTPEndpoint(url: server.url)
        endpoint.messageLimit = 1 << 20
        return try await MCPClient.start(MCPClient.Definition(.streamableHTTP(endpoint)), logger: quiet)
    }

    @Test(arguments: Case.all)
    func callFailsInWordsAndTheRestGoesOn(_ bad: Case) async throws {
        let server = try await ScriptedHTTPServer("modern")
        let client = try await connect(server)
        let error = try #require(await callError(client, bad.tool, MCPCallOptions(timeout: .seconds(1))))
        #expect(error.message.contains(bad.phrase), "\(error)")
        #expect(client.isRunning)
        #expect(try await client.callTool("t", arguments: ["n": 1])["structuredContent"]?["arguments"] == ["n": 1])
        await client.close()
        await server.stop()
    }

    /// What the server did with the first one is not known.
    @Test("C-21 a call whose connection ends before an answer is not sent again")
    func callIsSentOnce() async throws {
        let server = try await ScriptedHTTPServer("modern")
        let client = try await connect(server)
        // The connection is kept, and a request on a kept one is what libraries like to repeat.
        _ = try await client.callTool("t", arguments: [:])
        #expect(await callError(client, "break")?.message.contains("broke off") == true)
        _ = try await client.callTool("t", arguments: [:])
        #expect(
            await server.posts("tools/call", atLeast: 3).compactMap { $0["body"]?["params"]?["name"] } == [
                "t", "break", "t",
            ]
        )
        await client.close()
        await server.stop()
    }

    @Test func secondAnswerAndFloodsOfNotificationsChangeNothing() async throws {
        let server = try await ScriptedHTTPServer("modern")
        let client = try await connect(server)
        _ = try await client.callTool("twice", arguments: [:])
        _ = try await client.callTool("flood", arguments: [:])
        _ = try await client.callTool("t", arguments: [:])
        await client.close()
        await server.stop()
    }

    @Test func memoryIsBackAfterLargeAnswers() async throws {
        let server = try await ScriptedHTTPServer("modern")
        let client = try await MCPClient.start(
            MCPClient.Definition(.streamableHTTP(HTTPEndpoint(url: server.url))),
            logger: quiet
        )
        let size: JSONObject = ["size": .integer(60 << 20)]
        _ = try await client.callTool("large", arguments: size)
        let before = residentBytes()
        for _ in 0..<8 {
            let text = try await client.callTool("large", arguments: size)["content"]?[0]?["text"]?.stringValue
            #expect(text?.utf8.count == 60 << 20)
        }
        // Other tests of this process take memory meanwhile; answers that were kept would be 480 MiB.
        let growth = residentBytes() - before
        #expect(growth < 240 << 20, "grew by \(growth >> 20) MiB over eight answers of 60 MiB")
        await client.close()
        await server.stop()
    }
}

/// Source: proc(5), the second number of /proc/self/statm in pages.
private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return 0 }
    let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
        separator: " "
    )
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * Int(getpagesize())
}
