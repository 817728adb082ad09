import ArgumentParser
import Daemon
import Foundation
import Logging
import WorkflowLoading

/// Options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(name: .customLong("config-path"), help: "Folder with workflows, MCP servers and service classes.")
    var configPath: String?

    @Flag(name: .long, help: "Log everything to standard error.")
    var debug = false

    @Flag(name: .long, help: "Allow tools on the list of destructive operations.")
    var yolo = false

    func musterOptions() -> MusterOptions {
        let manager = FileManager.default
        var options = MusterOptions(
            workingDirectory: manager.currentDirectoryPath,
            home: ProcessInfo.processInfo.environment["HOME"] ?? manager.homeDirectoryForCurrentUser.path
        )
        options.configPath = configPath.map { absolute($0) }
        options.allowsDestructiveTools = yolo
        options.logLevel = debug ? .debug : .warning
        if let text = ProcessInfo.processInfo.environment["MUSTER_MCPSERVER_INITIAL_BACKOFF"],
            let backoff = GoDuration.parse(text)
        {
            options.serverBackoff = backoff
        }
        return options
    }

    /// Puts the process together.
    func makeMuster(_ change: (inout MusterOptions) -> Void = { _ in }) throws -> Muster {
        var options = musterOptions()
        change(&options)
        if let configPath = options.configPath, !FileManager.default.fileExists(atPath: configPath) {
            Output.talk("warning: the configuration folder \(configPath) does not exist: nothing is defined")
        }
        do {
            return try Muster(options)
        } catch {
            throw CommandFailure.failed("\(error)")
        }
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}

/// `90s`, `1h30m`.
struct DurationArgument: ExpressibleByArgument {
    var duration: Duration

    init?(argument: String) {
        guard let duration = GoDuration.parse(argument), duration > .zero else { return nil }
        self.duration = duration
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml
}
