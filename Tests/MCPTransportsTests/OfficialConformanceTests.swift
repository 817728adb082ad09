import Foundation
import JSON
import MCPTransports
import Testing

/// The official conformance suite against the fixture server: every server scenario by its own name, each message held
/// against the revision's schema by the suite.
@Suite("Official conformance suite", .serialized, .timeLimit(.minutes(10)), .enabled(if: ConformanceSuite.isThere))
struct OfficialConformanceTests {
    @Test(
        "S-01 to S-91 over HTTP: no scenario of any revision fails",
        arguments: [
            (["--suite", "all", "--spec-version", "2026-07-28"], 40),
            (["--suite", "all", "--spec-version", "2025-11-25"], 31),
            (["--suite", "all", "--spec-version", "2025-06-18"], 20),
            (["--suite", "all", "--spec-version", "2025-03-26"], 1), (["--suite", "active"], 31),
        ]
    )
    func scenarios(arguments: [String], atLeast: Int) async throws {
        let summary = try await ConformanceSuite.summary(arguments)
        #expect(summary.count >= atLeast, "\(summary)")
        for line in summary where line.failed > 0 {
            // The suite has times of its own, down to a second, which a busy machine may exceed: alone it has to pass.
            let version = arguments.suffix(2).first == "--spec-version" ? Array(arguments.suffix(2)) : []
            let again = try await ConformanceSuite.output(["--scenario", line.scenario] + version).lines
            let last = again.last { $0.hasPrefix("Passed: ") }
            #expect(last?.contains(", 0 failed,") == true, "\(line): \(again.filter { $0.contains("FAILURE") })")
        }
    }

    @Test(
        "C-01 to C-66 the client does what each scenario expects",
        arguments: [
            ("initialize", "2025-11-25"), ("tools_call", "2025-11-25"), ("tools_call", "2026-07-28"),
            ("elicitation-sep1034-client-defaults", "2025-11-25"), ("sse-retry", "2025-11-25"),
            ("request-metadata", "2026-07-28"), ("sep-2322-client-request-state", "2026-07-28"),
            ("http-standard-headers", "2026-07-28"), ("http-custom-headers", "2026-07-28"),
            ("http-invalid-tool-headers", "2026-07-28"), ("json-schema-ref-no-deref", "2026-07-28"),
            ("json-schema-2020-12-preservation", "2025-11-25"), ("json-schema-2020-12-preservation", "2026-07-28"),
        ]
    )
    func client(scenario: String, version: String) async throws {
        let words = [
            ConformanceSuite.program, "client", "--command", "\(Places.fixtureServer) client", "--scenario", scenario,
            "--spec-version", version, "--timeout", "120000",
        ]
        let output = try await run("node", words)
        let failures = output.lines.filter { $0.contains("FAILURE") || $0.contains("✗") }
        #expect(output.exit == .exited(code: 0), "\(failures) \(output.lines.suffix(30).joined(separator: "\n"))")
    }

    /// The suite's schemas do not know the extension: it holds a task for the result of a call without content. That one
    /// check fails in every scenario that sees a task, and no other may.
    @Test("S-76 to S-83 the scenarios of the tasks extension")
    func tasks() async throws {
        let summary = try await ConformanceSuite.summary(["--suite", "pending"])
        let names = [
            "tasks-lifecycle", "tasks-capability-negotiation", "tasks-wire-fields", "tasks-request-state-removal",
            "tasks-mrtr-input", "tasks-request-headers", "tasks-dispatch-and-envelope", "tasks-required-task-error",
            "tasks-mrtr-composition",
        ]
        for name in names {
            let line = try #require(summary.first { $0.scenario == name })
            #expect(line.passed > 0)
            #expect(Set(line.failures).isSubset(of: ["WireSchemaValid"]), "\(line)")
        }
        #expect(summary.filter { $0.failed > 0 && !$0.scenario.hasPrefix("tasks-") } == [])
    }
}

private enum ConformanceSuite {
    struct Line: Hashable {
        var scenario: String
        var passed: Int
        var failed: Int
        var failures: [String] = []
    }

    static var program: String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["MUSTER_CACHE"] ?? (environment["HOME"] ?? "/") + "/.cache/muster"
        return cache + "/test-servers/conformance/node_modules/@modelcontextprotocol/conformance/dist/index.js"
    }

    static let isThere: Bool = {
        let isThere = FileManager.default.fileExists(atPath: program)
        if !isThere { print("MCPTransportsTests: no conformance suite, its tests are skipped (Scripts/test-servers)") }
        return isThere
    }()

    static func summary(_ arguments: [String]) async throws -> [Line] { read(try await output(arguments).lines) }

    /// What the suite says of the fixture server.
    static func output(_ arguments: [String]) async throws -> ProgramOutput {
        let ports = Probe<String>()
        let exits = Probe<ProcessExit>()
        let server = try await ChildProcess.start(
            ChildLaunch(command: Places.fixtureServer, arguments: ["conformance"]),
            group: loops,
            events: ChildProcess.Events(
                onLine: { _ in },
                onErrorLine: { ports.add(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { exits.add($0) }
            )
        )
        let line = await ports.first(1)[0]
        let port = try #require(line.split(separator: "port=").last)
        let words = [program, "server", "--url", "http://localhost:\(port)/mcp"] + arguments
        let output = try await run("node", words)
        await server.terminate(patience: .seconds(10))
        return output
    }

    /// Lines such as `✓ ping: 2 passed, 0 failed`, and the names of failed checks under their scenario's heading.
    private static func read(_ lines: [String]) -> [Line] {
        var failures: [String: [String]] = [:]
        var scenario = ""
        var summary: [Line] = []
        for line in lines {
            if line.hasPrefix("=== Running scenario: ") {
                scenario = String(line.dropFirst(22).prefix { $0 != " " })
            } else if line.hasPrefix("  - "), let colon = line.firstIndex(of: ":") {
                failures[scenario, default: []].append(String(line[..<colon].dropFirst(4)))
            } else if line.hasPrefix("✓ ") || line.hasPrefix("✗ "), let colon = line.firstIndex(of: ":") {
                let numbers = line[colon...].split(separator: " ").compactMap { Int($0) }
                guard numbers.count == 2 else { continue }
                let name = String(line[..<colon].dropFirst(2))
                summary.append(
                    Line(scenario: name, passed: numbers[0], failed: numbers[1], failures: failures[name] ?? [])
                )
            }
        }
        return summary
    }
}
