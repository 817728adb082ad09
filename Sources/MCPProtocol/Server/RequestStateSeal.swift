import Checksums
package import JSON

/// Lets clients carry a host's state between the rounds of a call without being able to change it, to use it for
/// another call, or to use it for ever. The state can be read: it must hold no secrets.
///
/// Source: MCP 2026-07-28, `basic/patterns/mrtr`; HMAC of RFC 2104 with SHA-256.
package struct RequestStateSeal: Sendable {
    /// Seconds for which a sealed state is accepted.
    package static let lifetime: Int64 = 3600
    /// Characters; longer texts are refused unread.
    package static let sizeLimit = 64 << 10
    private static let prefix = "v1."

    private let key: [UInt8]

    /// - Parameter key: secret; 32 bytes from the system by default, so that what was sealed ends with the process.
    package init(key: [UInt8] = Self.randomKey()) { self.key = key }

    package static func randomKey() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The request that a state belongs to.
    package struct Binding: Sendable, Hashable {
        package var method: String
        /// Tool, prompt or URI.
        package var name: String
        package var arguments: JSONObject
        /// Who calls; empty when nobody is told apart.
        package var principal: String

        package init(method: String, name: String, arguments: JSONObject, principal: String = "") {
            self.method = method
            self.name = name
            self.arguments = arguments
            self.principal = principal
        }

        init?(_ operation: MCPOperation, principal: String) {
            switch operation {
            case .callTool(let name, let arguments):
                self.init(method: "tools/call", name: name, arguments: arguments, principal: principal)
            case .getPrompt(let name, let arguments):
                self.init(method: "prompts/get", name: name, arguments: arguments, principal: principal)
            case .readResource(let uri):
                self.init(method: "resources/read", name: uri, arguments: [:], principal: principal)
            default: return nil
            }
        }

        fileprivate var digest: String {
            let parts: JSONValue = [
                .string(method), .string(name), .object(arguments), .string(principal),
            ]
            return Hexadecimal.text(SHA2.sha256(parts.bytes(.canonical)))
        }
    }

    /// - Parameter now: seconds since 1970.
    package func seal(_ state: JSONValue, for binding: Binding, now: Int64) -> String {
        // Chance makes the text of every round another one.
        var generator = SystemRandomNumberGenerator()
        let payload: JSONValue = [
            "b": .string(binding.digest), "e": .integer(now + Self.lifetime),
            "n": .string(String(generator.next(), radix: 36)), "s": state,
        ]
        let text = Self.prefix + Base64Text.encoded(payload.bytes(), .url)
        return text + "." + Base64Text.encoded(mac(of: text), .url)
    }

    /// The state that was sealed for this request and has not expired; nil otherwise.
    package func open(_ text: String, for binding: Binding, now: Int64) -> JSONValue? {
        guard text.utf8.count <= Self.sizeLimit, text.hasPrefix(Self.prefix),
            let dot = text.lastIndex(of: "."), let given = Base64Text.bytes(text[text.index(after: dot)...].utf8, .url)
        else { return nil }
        let sealed = text[..<dot]
        guard Self.areEqual(given, mac(of: String(sealed))),
            let bytes = Base64Text.bytes(sealed.dropFirst(Self.prefix.count).utf8, .url),
            // What we sealed ourselves is JSON.
            let payload = try? JSONValue(parsing: bytes),
            payload["b"]?.stringValue == binding.digest, let expiry = payload["e"]?.integerValue, now <= expiry
        else { return nil }
        return payload["s"]
    }

    private func mac(of text: String) -> [UInt8] {
        let block = 64
        var padded = key.count > block ? SHA2.sha256(key) : key
        padded += [UInt8](repeating: 0, count: block - padded.count)
        let inner = SHA2.sha256(padded.map { $0 ^ 0x36 } + Array(text.utf8))
        return SHA2.sha256(padded.map { $0 ^ 0x5C } + inner)
    }

    /// Takes the same time wherever they differ.
    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
