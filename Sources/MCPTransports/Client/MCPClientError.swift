package import MCPProtocol

/// Why a server could not be reached or did not answer.
package struct MCPClientError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        case commandNotFound, permissionDenied, cannotStart, handshakeFailed, handshakeTimedOut, timedOut, cancelled,
            exited, closed, remote, invalidResponse
    }

    package var code: Code
    /// A sentence; for `.remote` the server's own message.
    package var message: String
    package var remoteError: JSONRPCError?
    package var exit: ProcessExit?
    /// The last lines that the server wrote to its standard error.
    package var standardError: [String]

    package init(
        _ code: Code,
        _ message: String,
        remoteError: JSONRPCError? = nil,
        exit: ProcessExit? = nil,
        standardError: [String] = []
    ) {
        self.code = code
        self.message = message
        self.remoteError = remoteError
        self.exit = exit
        self.standardError = standardError
    }

    package init(_ error: JSONRPCError) { self.init(.remote, error.message, remoteError: error) }

    init(_ error: ChildLaunchError) {
        let code: Code =
            switch error.code {
            case .commandNotFound: .commandNotFound
            case .permissionDenied: .permissionDenied
            case .badWorkingDirectory, .cannotStart: .cannotStart
            }
        self.init(code, error.message)
    }

    package var description: String { message }
}
