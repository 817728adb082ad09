import Foundation
import JSON
import Synchronization
package import Testing

/// Collects the messages of a test's connections, which are judged when the test has ended.
package final class WireTap: Sendable {
    package struct Entry: Sendable {
        /// nil where the connection begins anew.
        package var sender: WireSide?
        package var text: String
    }

    /// The tap of the test that runs, if its suite has the trait `wireChecked`.
    @TaskLocal package static var current: WireTap?

    private struct State {
        var conversations: [String: [Entry]] = [:]
        var sources: [@Sendable () -> (sent: String, received: String)] = []
        var files: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    deinit {
        for file in state.withLock({ $0.files }) {
            // There is none if nobody spoke.
            try? FileManager.default.removeItem(atPath: file)
        }
    }

    /// Notes one message or line of a connection.
    package func note(_ text: String, from sender: WireSide, on connection: String) {
        state.withLock { $0.conversations[connection, default: []].append(Entry(sender: sender, text: text)) }
    }

    /// A connection whose bytes are asked for in the end.
    package func watch(_ source: @escaping @Sendable () -> (sent: String, received: String)) {
        state.withLock { $0.sources.append(source) }
    }

    /// A file to which other processes write lines `client TEXT` and `server TEXT`, all of one connection, and `begin` when
    /// one process follows another.
    package func file() -> String {
        let path = FileManager.default.temporaryDirectory.path + "/wire-\(UUID().uuidString)"
        state.withLock { $0.files.append(path) }
        return path
    }

    /// Words that start `command` with every line of its standard streams noted; `command` itself without a tap.
    package static func wrapped(_ command: String, _ arguments: [String]) -> (command: String, arguments: [String]) {
        guard let tap = current else { return (command, arguments) }
        return ("python3", [fixture("stdio_tap.py"), tap.file(), command] + arguments)
    }

    /// A program that passes HTTP on and notes the messages.
    package static func fixture(_ name: String) -> String {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return "\(folder)/Fixtures/\(name)"
    }

    // MARK: Judging

    package struct Verdict: Sendable {
        package var findings: [WireJudge.Finding] = []
        package var counts: [String: Int] = [:]

        mutating func add(_ judge: WireJudge) {
            findings += judge.findings
            counts.merge(judge.counts) { $0 + $1 }
        }
    }

    package func verdict(_ schemas: WireSchemas) -> Verdict {
        let state = state.withLock { $0 }
        var verdict = Verdict()
        for entries in state.conversations.values { verdict.add(Self.judged(entries, schemas)) }
        for file in state.files { verdict.add(Self.judged(Self.entries(file), schemas)) }
        for source in state.sources {
            let (sent, received) = source()
            for exchange in HTTPTranscript.exchanges(sent: sent, received: received)
            where !exchange.head.contains("/health ") {
                let isModern = exchange.head.lowercased().contains("mcp-protocol-version: 2026-07-28")
                var judge = WireJudge(schemas, revision: isModern ? .modern : .legacy)
                if !exchange.body.isEmpty { judge.add(exchange.body, from: .client) }
                for answer in exchange.answers { judge.add(answer, from: .server) }
                verdict.add(judge)
            }
        }
        return verdict
    }

    private static func judged(_ entries: [Entry], _ schemas: WireSchemas) -> WireJudge {
        var judge = WireJudge(schemas, seesBothSides: entries.contains { $0.sender == .server })
        for entry in entries {
            if let sender = entry.sender { judge.add(entry.text, from: sender) } else { judge.begin() }
        }
        return judge
    }

    private static func entries(_ file: String) -> [Entry] {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            if line == "begin" { return Entry(sender: nil, text: "") }
            guard let space = line.firstIndex(of: " "), let sender = WireSide(rawValue: String(line[..<space])) else {
                return nil
            }
            let text = line[space...].dropFirst()
            return text.isEmpty ? nil : Entry(sender: sender, text: String(text))
        }
    }
}

/// Holds every message that our sides of a test's connections send against the schema of its revision.
package struct WireChecked: TestTrait, SuiteTrait, TestScoping {
    let own: Set<WireSide>

    package var isRecursive: Bool { true }

    @concurrent
    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard let schemas = WireSchemas.published, testCase != nil else { return try await function() }
        let tap = WireTap()
        try await WireTap.$current.withValue(tap) { try await function() }
        let verdict = tap.verdict(schemas)
        for finding in verdict.findings where own.contains(finding.sender) { Issue.record("\(finding)") }
        guard ProcessInfo.processInfo.environment["MUSTER_WIRE_REPORT"] != nil else { return }
        for (definition, count) in verdict.counts { print("wire: \(count) \(definition)") }
        for finding in verdict.findings where !own.contains(finding.sender) { print("wire: not ours: \(finding)") }
    }
}

extension Trait where Self == WireChecked {
    /// - Parameter own: the sides whose messages have to be right; the others may be wrong on purpose.
    package static func wireChecked(_ own: WireSide...) -> WireChecked { WireChecked(own: Set(own)) }
}
