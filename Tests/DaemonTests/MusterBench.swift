import Daemon
import JSON
import Storage
import TestSupport
import Testing
import ToolBridges
import ToolCatalog
import WorkflowModel

/// A whole muster on a folder of its own, with scripted tools beside the core's.
struct MusterBench {
    let folder: TemporaryFolder
    let muster: Muster
    let tools: ScriptedTools

    init(
        _ files: [String: String],
        tools: ScriptedTools = .standard,
        parked: ParkedCalls.Limits = ParkedCalls.Limits()
    ) throws {
        folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(text, to: name) }
        var options = MusterOptions(workingDirectory: folder.path, home: folder.path)
        options.configPath = folder.path
        options.isSilent = true
        options.parkedCalls = parked
        muster = try Muster(options)
        muster.catalog.register(tools)
        self.tools = tools
    }

    /// The next process on the folder of one that has been shut down.
    init(continuing earlier: MusterBench, tools: ScriptedTools) throws {
        folder = earlier.folder
        var options = MusterOptions(workingDirectory: folder.path, home: folder.path)
        options.configPath = folder.path
        options.isSilent = true
        muster = try Muster(options)
        muster.catalog.register(tools)
        self.tools = tools
    }

    func call(_ tool: String, _ arguments: JSONObject = [:]) async throws -> ToolResult {
        try await muster.catalog.call(tool, arguments)
    }

    /// The document of a reply that has to be a success.
    func document(_ tool: String, _ arguments: JSONObject = [:]) async throws -> JSONValue {
        let reply = try await call(tool, arguments)
        try #require(!reply.isError, "\(tool): \(reply.errorText)")
        return try JSONValue(parsing: try #require(reply.texts.first))
    }

    func error(_ tool: String, _ arguments: JSONObject = [:]) async throws -> String {
        let reply = try await call(tool, arguments)
        try #require(reply.isError, "\(tool) should have failed: \(reply.texts)")
        return reply.texts.joined()
    }
}

extension ScriptedTools {
    /// `echo` gives its arguments back, `fails` fails.
    static var standard: ScriptedTools {
        ScriptedTools(
            [
                "echo": { .json(.object($0)) }, "fails": { _ in .failure("disk full") },
                "start": { _ in .json(["sid": "s-7"]) }, "stop": { _ in .text("bye") },
            ],
            annotations: ["echo": .reading]
        )
    }
}
