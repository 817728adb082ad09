/// Why a login, or a token, could not be had. Never carries a secret.
package struct AuthorizationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// What was sent is no metadata, no token and so on.
        case malformed
        /// It speaks for another server, or comes from another one.
        case mismatch
        /// The authorization server cannot do what we need, such as PKCE.
        case unsupported
        /// The URL is one that must not be asked.
        case forbiddenAddress
        case unreachable
        /// The authorization server refused, with this error code.
        case refused(String)
        /// There is no client id and no way to get one.
        case noClient
        /// Nobody logged in in time, or the login was given up.
        case abandoned
        /// More rights are asked for than logging in again would bring.
        case stepUpLimit
    }

    package var code: Code
    /// A sentence for people.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    /// A foreign text as far as it may be shown: printable, on one line, at most 200 characters.
    package static func shown(_ text: String) -> String {
        String(text.unicodeScalars.prefix(200).map { $0.properties.isPrintable ? Character($0) : " " })
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
