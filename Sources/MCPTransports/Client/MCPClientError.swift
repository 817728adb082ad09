package import MCPProtocol

/// Why a server could not be reached or did not answer.
package struct MCPClientError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        case commandNotFound, permissionDenied, cannotStart, handshakeFailed, handshakeTimedOut, timedOut, cancelled,
            exited, closed, remote, invalidResponse
        /// The server's host cannot be found, or does not take or keep the connection.
        case unreachable, connectionReset
        case certificate, tls
        /// HTTP 401: access needs a token, or another one.
        case authorizationRequired
        /// HTTP 403.
        case forbidden
        /// Any other HTTP status that is no answer.
        case status
        /// The server does not know our session any more.
        case sessionLost
        /// The stream ended without the answer, which may or may not have been worked out.
        case answerLost
        /// The server wants something to be answered, and there is nobody who could.
        case inputRequired
        /// The server says nothing about the task that is followed, mostly because it does not know it.
        case taskLost
    }

    package var code: Code
    /// A sentence; for `.remote` the server's own message.
    package var message: String
    package var remoteError: JSONRPCError?
    package var exit: ProcessExit?
    /// The last lines that the server wrote to its standard error.
    package var standardError: [String]
    package var httpStatus: Int?
    /// The values of `WWW-Authenticate`.
    package var challenges: [String]

    package init(
        _ code: Code,
        _ message: String,
        remoteError: JSONRPCError? = nil,
        exit: ProcessExit? = nil,
        standardError: [String] = [],
        httpStatus: Int? = nil,
        challenges: [String] = []
    ) {
        self.code = code
        self.message = message
        self.remoteError = remoteError
        self.exit = exit
        self.standardError = standardError
        self.httpStatus = httpStatus
        self.challenges = challenges
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

    /// - Parameter host: whom we talked to.
    init(_ failure: HTTPFailure, host: String) {
        let code: Code =
            switch failure.code {
            case .cancelled: .cancelled
            case .unknownHost, .noConnection, .forbiddenAddress, .timedOut: .unreachable
            case .certificate: .certificate
            case .tls: .tls
            case .broken: .connectionReset
            case .unwanted: .invalidResponse
            case .other: .unreachable
            }
        let prefix =
            switch failure.code {
            case .certificate: "the certificate of \(host) is not trusted"
            case .tls: "no TLS connection to \(host)"
            case .broken: "the connection to \(host) broke off"
            case .forbiddenAddress: "\(host) leads to an address that is not public"
            default: "cannot reach \(host)"
            }
        self.init(code, failure.message.isEmpty ? prefix : "\(prefix): \(failure.message)")
    }

    package var description: String { message }
}
