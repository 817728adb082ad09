import Glibc

/// What to start.
package struct ChildLaunch: Sendable {
    /// A path, or a name looked up on the child's PATH.
    package var command: String
    package var arguments: [String]
    /// Added to the minimal environment; wins over it.
    package var environment: [String: String]
    package var workingDirectory: String?

    package init(
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) {
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}

/// Why a child could not be started.
package struct ChildLaunchError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable { case commandNotFound, permissionDenied, badWorkingDirectory, cannotStart }

    package var code: Code
    package var message: String

    package var description: String { message }
}

extension ChildLaunch {
    /// What a child inherits from us; everything else has to be configured, so that no secret of ours reaches a server
    /// that nobody gave it to. Beside who and where we are: what leads to clusters, proxies and certificates.
    private static let inheritedVariables = [
        "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER",
        "KUBECONFIG", "SSL_CERT_DIR", "SSL_CERT_FILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    ]
    private static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

    var completeEnvironment: [String: String] {
        var variables: [String: String] = [:]
        for name in Self.inheritedVariables {
            guard let value = getenv(name).map({ String(cString: $0) }) else { continue }
            // Functions that a shell exported.
            if !value.hasPrefix("()") { variables[name] = value }
        }
        return variables.merging(environment) { $1 }
    }

    /// The file to execute.
    func executablePath(environment: [String: String]) throws(ChildLaunchError) -> String {
        guard !command.isEmpty else {
            throw ChildLaunchError(code: .commandNotFound, message: "Command not found: the command is empty")
        }
        if command.utf8.contains(UInt8(ascii: "/")) {
            var path = command
            if let workingDirectory, !command.hasPrefix("/") { path = workingDirectory + "/" + command }
            switch Self.kind(of: path) {
            case .executable: return path
            case .missing:
                throw ChildLaunchError(code: .commandNotFound, message: "Command not found: \(command) does not exist")
            case .forbidden:
                throw ChildLaunchError(
                    code: .permissionDenied,
                    message: "Permission denied: \(command) is not an executable file"
                )
            }
        }
        let searchPath = environment["PATH"] ?? Self.defaultPath
        var forbidden: String?
        for folder in searchPath.split(separator: ":", omittingEmptySubsequences: true) {
            let path = "\(folder)/\(command)"
            switch Self.kind(of: path) {
            case .executable: return path
            case .forbidden: forbidden = forbidden ?? path
            case .missing: continue
            }
        }
        if let forbidden {
            throw ChildLaunchError(
                code: .permissionDenied,
                message: "Permission denied: \(forbidden) is not an executable file"
            )
        }
        throw ChildLaunchError(
            code: .commandNotFound,
            message: "Command not found: \(command) is not on the PATH (\(searchPath))"
        )
    }

    private enum FileKind { case executable, forbidden, missing }

    private static func kind(of path: String) -> FileKind {
        var status = stat()
        guard stat(path, &status) == 0 else { return errno == EACCES ? .forbidden : .missing }
        guard status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 else { return .forbidden }
        return .executable
    }
}
