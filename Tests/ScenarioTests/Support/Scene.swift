import Foundation
import JSON
import Synchronization
import TestSupport

/// A folder of its own for one test, in which the programs under test run: it is their home and their working
/// directory, `.muster` in it is the configuration.
///
/// Every process that they start has the folder as HOME, by which those that are left behind are found.
final class Scene: Sendable {
    let path: String
    private let folder: TemporaryFolder
    private let programs = Mutex<[Program]>([])

    /// - Parameter example: starts with a copy of the example's configuration.
    init(example: Bool = false) throws {
        folder = try TemporaryFolder()
        path = folder.path
        let configuration = "\(path)/.muster"
        if example {
            let source = Places.project + "/Examples/connect-monitoring/.muster"
            try FileManager.default.copyItem(atPath: source, toPath: configuration)
            // History of whoever tried the example.
            try? FileManager.default.removeItem(atPath: configuration + "/state")
        } else {
            try FileManager.default.createDirectory(atPath: configuration, withIntermediateDirectories: true)
        }
    }

    deinit {
        // Of a test that failed half-way.
        for program in programs.withLock({ $0 }) { program.abandon() }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws { try folder.write(text, to: name) }

    func read(_ name: String) -> String { (try? String(contentsOfFile: file(name), encoding: .utf8)) ?? "" }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    // MARK: Configuration

    func addWorkflow(_ name: String, _ spec: String) throws {
        let text = "kind: Workflow\nmetadata: { name: \(name) }\nspec:\n" + Self.indented(spec)
        try write(text, to: ".muster/workflows/\(name).yaml")
    }

    func addServer(_ name: String, _ command: String, _ arguments: [String], extra: String = "") throws {
        let words = JSONValue.array(arguments.map { .string($0) }).text()
        let text = """
            kind: MCPServer
            metadata: { name: \(name) }
            spec:
              type: stdio
              command: \(JSONValue.string(command).text())
              args: \(words)
              autoStart: true

            """ + Self.indented(extra)
        try write(text, to: ".muster/mcpservers/\(name).yaml")
    }

    func addRemoteServer(_ name: String, _ url: String, type: String = "streamable-http") throws {
        let spec = "type: \(type)\nurl: \"\(url)\"\nautoStart: true"
        let text = "kind: MCPServer\nmetadata: { name: \(name) }\nspec:\n" + Self.indented(spec)
        try write(text, to: ".muster/mcpservers/\(name).yaml")
    }

    /// The server `ledger`, which writes calls down in the file `ledger` and waits at gates in the folder.
    func addLedger() throws {
        try addServer("ledger", "python3", [Places.fixture("ledger_server.py"), file("ledger"), path])
    }

    /// The calls that reached the ledger server, in order, as `TOOL NAME`.
    var ledger: [String] { read("ledger").split(separator: "\n").map(String.init) }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    // MARK: Programs

    private var environment: [String: String] {
        [
            "HOME": path, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": path,
            // A server that fails is not started again within a test.
            "MUSTER_MCPSERVER_INITIAL_BACKOFF": "1h",
        ]
    }

    /// - Parameter more: variables beside the usual ones, or in their place.
    func start(
        _ arguments: [String],
        of name: String = Places.program("muster"),
        environment more: [String: String] = [:]
    ) throws -> Program {
        let environment = environment.merging(more) { $1 }
        let program = try Program(name, arguments, environment: environment, directory: path)
        programs.withLock { $0.append(program) }
        return program
    }

    /// Starts `muster` and returns when it has ended.
    @discardableResult
    func muster(_ arguments: String...) async throws -> Program.Seen { try await start(arguments).end() }

    @discardableResult
    func run(_ name: String, _ arguments: [String]) async throws -> Program.Seen {
        try await start(arguments, of: name).end()
    }

    /// The processes that the scene's programs have left, as `ID COMMAND`.
    var leftovers: [String] {
        let marker = Data("HOME=\(path)\0".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { Int32($0) != nil }.compactMap { id in
            guard let variables = FileManager.default.contents(atPath: "/proc/\(id)/environ"),
                variables.range(of: marker) != nil
            else { return nil }
            let words = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            return "\(id) " + String(decoding: words, as: UTF8.self).replacingOccurrences(of: "\0", with: " ")
        }
    }

    /// Returns when the processes that were there have ended: after a SIGKILL nobody else waits for them.
    func waitForLeftovers() async throws {
        for leftover in leftovers {
            let id = leftover.prefix { $0 != " " }
            let tail = ["--pid=\(id)", "-s", "0.02", "-f", "/dev/null"]
            try await Program("tail", tail, environment: ["PATH": "/usr/bin:/bin"], directory: "/").end()
        }
    }

    // MARK: History

    func executions(_ filters: String...) async throws -> [JSONValue] {
        let seen = try await start(["executions", "list", "-o", "json"] + filters).end()
        return try JSONValue(parsing: seen.output)["executions"]?.arrayValue ?? []
    }

    func record(_ id: String) async throws -> JSONValue {
        try JSONValue(parsing: try await muster("executions", "get", id, "-o", "json").output)
    }

    /// Returns when the execution's record says that it has ended.
    func waitForEnd(of id: String) async throws {
        for _ in 1...200 where try await record(id)["status"] == "inprogress" {}
        let status = try await record(id)["status"]
        guard status != "inprogress" else { throw Program.Failure(description: "execution \(id) does not end") }
    }

    /// The record of the only execution of a workflow.
    func onlyRecord(_ workflow: String) async throws -> JSONValue {
        let listed = try await executions("--workflow", workflow)
        guard listed.count == 1, let id = listed[0]["execution_id"]?.stringValue else {
            throw Program.Failure(description: "not one execution of \(workflow): \(listed)")
        }
        return try await record(id)
    }
}

/// Where things are.
enum Places {
    static func fixture(_ name: String) -> String { "\(project)/Tests/ScenarioTests/Fixtures/\(name)" }

    static var project: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    }

    /// A program that is built beside the test runner, or in the folder that `MUSTER_PROGRAMS` names: a release build.
    static func program(_ name: String) -> String {
        if let folder = ProcessInfo.processInfo.environment["MUSTER_PROGRAMS"] { return folder + "/" + name }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/" + name
    }
}
