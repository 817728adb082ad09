package import ArgumentParser
import Foundation

/// The command line.
package struct MusterCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "Multi-step platform procedures as single tools that cannot be lost half-way.",
        discussion: """
            Reads workflows, MCP servers and service classes from --config-path, else ./.muster, else ~/.config/muster.
            Exit codes: 0 done, 1 failed or called wrongly, 130 ended by a second Ctrl-C.
            """,
        subcommands: [
            RunCommand.self, ServeCommand.self, CheckCommand.self, ListCommand.self, GetCommand.self,
            ExecutionsCommand.self, CallCommand.self, RenderCommand.self, VersionCommand.self,
        ]
    )

    package init() {}

    /// Parses the process's arguments, runs the command and ends the process with its exit code.
    @concurrent
    package static func runProcess() async -> Never {
        // A pipe that its reader closed is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try MusterCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            Foundation.exit(0)
        } catch let failure as CommandFailure {
            if let message = failure.message { Output.talk("Error: \(message)") }
            Foundation.exit(failure.exitCode)
        } catch {
            let isClean = MusterCommand.exitCode(for: error) == .success
            let text = MusterCommand.fullMessage(for: error)
            if isClean { Output.data(text) } else { Output.talk(text) }
            Foundation.exit(isClean ? 0 : 1)
        }
    }
}

/// The end of a command that did not succeed.
struct CommandFailure: Error {
    /// Printed to standard error; nil when everything has been said.
    var message: String?
    var exitCode: Int32 = 1

    static func failed(_ message: String) -> CommandFailure { CommandFailure(message: message) }

    static let silent = CommandFailure(message: nil)
}
