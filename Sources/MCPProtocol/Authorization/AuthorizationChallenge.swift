/// What a server says about the authorization that it wants, in `WWW-Authenticate`.
///
/// - Source: RFC 9110, section 11.6.1; RFC 6750, section 3; RFC 9728, section 5.1.
package struct AuthorizationChallenge: Hashable, Sendable {
    /// Where the metadata of the protected resource are.
    package var resourceMetadata: String?
    /// The scopes that the request needs; nil when none are named.
    package var scopes: [String]?
    package var error: String?

    /// Bytes of one header value; a longer one is not read.
    package static let sizeLimit = 16 << 10

    package init(resourceMetadata: String? = nil, scopes: [String]? = nil, error: String? = nil) {
        self.resourceMetadata = resourceMetadata
        self.scopes = scopes
        self.error = error
    }

    /// The first challenge for bearer tokens among the values of the header; nil when there is none.
    package init?(_ values: [String]) {
        for value in values where value.utf8.count <= Self.sizeLimit {
            var scanner = ChallengeScanner(bytes: Array(value.utf8))
            guard let bearer = scanner.challenges().first(where: { $0.scheme == "bearer" }) else { continue }
            resourceMetadata = bearer.parameters["resource_metadata"]
            scopes = bearer.parameters["scope"].map { ScopeList.words($0) }
            if scopes?.isEmpty == true { scopes = nil }
            error = bearer.parameters["error"]
            return
        }
        return nil
    }

    /// Whether the token is good and its rights are too small.
    package var wantsMoreRights: Bool { error == "insufficient_scope" }
}

/// Takes a header value apart. What it does not understand it skips: a server in the field that quotes badly still has
/// a status, which says enough.
private struct ChallengeScanner {
    struct Challenge {
        var scheme: String
        /// Names in lower case; of one that comes twice the first counts.
        var parameters: [String: String] = [:]
    }

    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func challenges() -> [Challenge] {
        var challenges: [Challenge] = []
        while index < bytes.count {
            let word = token()
            guard !word.isEmpty else {
                index += 1
                continue
            }
            skipSpace()
            if peek == UInt8(ascii: "="), !challenges.isEmpty {
                index += 1
                skipSpace()
                let value = peek == UInt8(ascii: "\"") ? quoted() : token()
                let last = challenges.count - 1
                let name = word.lowercased()
                if challenges[last].parameters[name] == nil { challenges[last].parameters[name] = value }
            } else {
                challenges.append(Challenge(scheme: word.lowercased()))
            }
        }
        return challenges
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while peek == 0x20 || peek == 0x09 { index += 1 }
    }

    private mutating func token() -> String {
        let start = index
        while let byte = peek, Self.isTokenByte(byte) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func quoted() -> String {
        var text: [UInt8] = []
        index += 1
        while let byte = peek, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
            text.append(bytes[index])
            index += 1
        }
        index += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Those of a token, and those that URLs and scopes are written with by servers that forget the quotes.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "=")
            && byte != UInt8(ascii: "\"")
    }
}
