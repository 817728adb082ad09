import ArgumentParser
import Daemon
import Diagnostics
import JSON
import ToolBridges
import ToolCatalog
import WorkflowLoading

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the definitions without running anything.",
        discussion: """
            Prints each finding as file:line:column with the source line. Tools of MCP servers are not looked up unless
            --live starts the servers. Exit code 1 when there is an error.
            """
    )

    @OptionGroup var common: CommonOptions

    @Flag(help: "Start the MCP servers and look their tools up.")
    var live = false

    @Option(name: [.short, .long], help: "text or json.")
    var output = CheckOutput.text

    enum CheckOutput: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() async throws {
        let options = common.musterOptions()
        let folder = ConfigurationFolder.resolve(
            flag: options.configPath,
            workingDirectory: options.workingDirectory,
            home: options.home
        )
        let snapshot = folder.load()
        var findings = snapshot.diagnostics
        let tools = live ? try await liveTools() : CoreToolNames.offline(snapshot)
        let checker = DefinitionChecker(
            snapshot: snapshot,
            knownTools: tools,
            templateReferences: TemplateInspection.references
        )
        findings.append(contentsOf: checker.check())
        report(findings, snapshot, folder)
        if findings.hasErrors { throw CommandFailure.silent }
    }

    private func liveTools() async throws -> Set<String> {
        let muster = try common.makeMuster { $0.isSilent = true }
        await muster.servers.startAutomatic()
        let names = Set(muster.catalog.tools.map(\.name))
        await muster.shutDown()
        return names
    }

    private func report(_ findings: DiagnosticBag, _ snapshot: ConfigurationSnapshot, _ folder: ConfigurationFolder) {
        if output == .json { return Output.data(JSONValue.array(findings.sorted.map(\.json)).text(.pretty)) }
        if !findings.isEmpty { Output.data(findings.rendered()) }
        let errors = findings.errors.count
        let warnings = findings.diagnostics.count { $0.severity == .warning }
        Output.talk(
            "\(folder.path): \(snapshot.definitions.count) definitions, \(errors) errors, \(warnings) warnings"
        )
    }
}

extension Diagnostic {
    /// For programs: place in lines and columns, 1-based.
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "severity": .string(severity.rawValue), "code": .string(code), "message": .string(message),
        ]
        if let range {
            let (line, column) = range.file.position(at: range.start)
            object["file"] = .string(range.file.name)
            object["line"] = .integer(Int64(line))
            object["column"] = .integer(Int64(column))
        }
        if !notes.isEmpty { object["notes"] = .array(notes.map { .string($0) }) }
        if let hint { object["hint"] = .string(hint) }
        return .object(object)
    }
}
