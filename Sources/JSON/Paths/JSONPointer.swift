/// A JSON Pointer: the way from a value to one of the values in it, as `/items/0/name`.
///
/// The empty pointer is the whole value. In a token `~1` stands for `/` and `~0` for `~`. An array's element is named by
/// its index, without leading zeros; `-` names the place after the last element, where no value is. Source: RFC 6901.
public struct JSONPointer: Sendable, CustomStringConvertible {
    /// Keys and indexes from the outside in, without escapes.
    public var tokens: [String]

    /// A pointer of these keys and indexes.
    public init(tokens: [String] = []) { self.tokens = tokens }

    /// Parses the string form.
    ///
    /// - Throws: `JSONPointerError` when a pointer that is not empty does not begin with `/`, or when a `~` is followed by
    ///   something other than `0` or `1`.
    public init(_ text: String) throws(JSONPointerError) {
        self.init()
        guard !text.isEmpty else { return }
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw JSONPointerError(.invalidSyntax, "a JSON pointer that is not empty begins with '/'", at: 0)
        }
        var token: [UInt8] = []
        var isEscape = false
        for (offset, byte) in text.utf8.enumerated().dropFirst() {
            switch byte {
            case UInt8(ascii: "0") where isEscape, UInt8(ascii: "1") where isEscape:
                token.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                isEscape = false
            case _ where isEscape: throw Self.badEscape(at: offset - 1)
            case UInt8(ascii: "~"): isEscape = true
            case UInt8(ascii: "/"):
                tokens.append(String(decoding: token, as: UTF8.self))
                token = []
            default: token.append(byte)
            }
        }
        guard !isEscape else { throw Self.badEscape(at: text.utf8.count - 1) }
        tokens.append(String(decoding: token, as: UTF8.self))
    }

    /// Parses the form that stands behind `#` in a URI, where characters may be percent-encoded. Source: RFC 6901, section 6.
    ///
    /// - Throws: `JSONPointerError`, also when percent-encoding is broken or does not give UTF-8.
    public init(uriFragment fragment: String) throws(JSONPointerError) {
        var bytes: [UInt8] = []
        var rest = Array(fragment.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Self.hexDigit), let low = rest.popFirst().flatMap(Self.hexDigit)
            else {
                throw JSONPointerError(
                    .invalidSyntax,
                    "'%' needs two hexadecimal digits",
                    at: fragment.utf8.count - rest.count
                )
            }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JSONPointerError(.invalidSyntax, "percent-encoding does not give valid UTF-8", at: 0)
        }
        try self.init(text)
    }

    /// The string form.
    public var description: String {
        var text: [UInt8] = []
        for token in tokens {
            text.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): text.append(contentsOf: [UInt8(ascii: "~"), UInt8(ascii: "0")])
                case UInt8(ascii: "/"): text.append(contentsOf: [UInt8(ascii: "~"), UInt8(ascii: "1")])
                default: text.append(byte)
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The pointer to the member `key` of what this one points to.
    public func appending(_ key: String) -> JSONPointer { JSONPointer(tokens: tokens + [key]) }

    /// The pointer to the element at `index` of what this one points to.
    public func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    private static func badEscape(at offset: Int) -> JSONPointerError {
        JSONPointerError(.invalidSyntax, "'~' in a JSON pointer is followed by '0' or '1'", at: offset)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension JSONPointer {
    /// The value that the pointer names in `root`.
    ///
    /// - Throws: `JSONPointerError` with the token that names nothing, and why.
    public func evaluate(in root: JSONValue) throws(JSONPointerError) -> JSONValue {
        var value = root
        for (depth, token) in tokens.enumerated() {
            switch value {
            case .object(let object):
                guard let member = object[token] else {
                    throw error(.missing, "there is no member \(JSONValue.string(token).text())", at: depth)
                }
                value = member
            case .array(let elements):
                guard let index = ArrayIndex.parse(token) else {
                    let reason =
                        token == "-"
                        ? "'-' is the place after the last element"
                        : "\(JSONValue.string(token).text()) is not an index"
                    throw error(.missing, reason, at: depth)
                }
                guard index < elements.count else {
                    throw error(.missing, "there are \(elements.count) elements, none at \(index)", at: depth)
                }
                value = elements[index]
            default:
                throw error(.missing, "a value of type \(value.typeName) has nothing in it", at: depth)
            }
        }
        return value
    }

    private func error(_ code: JSONPointerError.Code, _ reason: String, at depth: Int) -> JSONPointerError {
        let place = depth == 0 ? "the whole value" : "'\(JSONPointer(tokens: Array(tokens[..<depth])))'"
        return JSONPointerError(code, "at \(place): \(reason)", at: depth)
    }
}

extension JSONPointer: Hashable {
    /// Whether both have the same tokens, byte by byte.
    public static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.elementsEqual(right.tokens) { $0.hasSameBytes(as: $1) }
    }

    public func hash(into hasher: inout Hasher) {
        for token in tokens { token.hashBytes(into: &hasher) }
        hasher.combine(tokens.count)
    }
}

extension JSONValue {
    /// The value that `pointer` names in this one; nil when it names none. `evaluate(in:)` says why.
    public subscript(pointer: JSONPointer) -> JSONValue? { try? pointer.evaluate(in: self) }
}

/// Why a text is no JSON pointer, or why a pointer names nothing.
public struct JSONPointerError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Sendable { case invalidSyntax, missing }

    public var code: Code
    public var message: String
    /// For ``Code/invalidSyntax`` a UTF-8 byte offset in the text; for ``Code/missing`` the number of the token.
    public var position: Int

    init(_ code: Code, _ message: String, at position: Int) {
        self.code = code
        self.message = message
        self.position = position
    }

    public var description: String { message }
}

/// Indexes in paths and pointers.
enum ArrayIndex {
    /// The index that the digits say; nil for anything with a sign, a leading zero, or another character, and for what is
    /// too large to be one.
    static func parse(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8
        guard let first = digits.first, digits.allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
        guard first != 0x30 || digits.count == 1 else { return nil }
        return Int(text)
    }
}
