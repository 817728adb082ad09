import Foundation

/// What the tests use of the outside, and whether it is there. Said once, when a suite is skipped.
struct Requirements: Sendable {
    let isThere: Bool

    private init(_ what: String, _ isThere: Bool, hint: String) {
        self.isThere = isThere
        if !isThere {
            FileHandle.standardError.write(Data("ScenarioTests: no \(what), tests skipped (\(hint))\n".utf8))
        }
    }

    /// The official Python SDK.
    static let officialSDK = Requirements(
        "Python package mcp",
        succeeds("python3", "-c", "import mcp"),
        hint: "python3-mcp"
    )

    /// A folder that `Scripts/test-servers` fills with servers of others.
    static var servers: String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["MUSTER_CACHE"] ?? (environment["HOME"] ?? "/root") + "/.cache/muster"
        return cache + "/test-servers"
    }

    static let npmServers = installed("published npm servers", in: "npm", hint: "Scripts/test-servers")

    static let pythonServers = installed(
        "published Python servers",
        in: "python",
        hint: "Scripts/test-servers; needs PyPI"
    )

    /// The client and the server of `Tests/Reference/go-sdk`.
    static let goPeers = installed("programs of the Go SDK", in: "go", hint: "Scripts/test-servers; needs Go")

    /// SDKs and proxies from npm.
    static let npmPeers = installed("published npm peers", in: "peers", hint: "Scripts/test-servers")

    /// What the script has put into a folder, whole.
    private static func installed(_ name: String, in folder: String, hint: String) -> Requirements {
        let isThere = FileManager.default.fileExists(atPath: "\(servers)/\(folder)/.complete")
        return Requirements(name, isThere, hint: hint)
    }

    private static func succeeds(_ command: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
