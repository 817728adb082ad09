package import Logging
package import ToolBridges

/// How one muster process is put together.
package struct MusterOptions: Sendable {
    /// `--config-path`; nil lets the folder be found.
    package var configPath: String?
    package var workingDirectory: String
    package var home: String
    package var allowsDestructiveTools = false
    /// Longest time of one attempt of a step.
    package var stepTimeout = Duration.seconds(300)
    package var logLevel = Logger.Level.warning
    package var isSilent = false
    package var serverBackoff = Duration.seconds(30)
    /// Of calls that wait for their clients to answer a question.
    package var parkedCalls = ParkedCalls.Limits()

    package init(workingDirectory: String, home: String) {
        self.workingDirectory = workingDirectory
        self.home = home
    }
}

/// Why a process could not be put together: a sentence for its user.
package struct MusterError: Error, Sendable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
