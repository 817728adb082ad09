import ArgumentParser
import Daemon

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() async throws { Output.data("muster version \(Muster.version)") }
}
