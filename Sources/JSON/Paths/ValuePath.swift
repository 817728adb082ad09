/// A path into a value as people write it: `a.b.c`, `items[1].name`, `items.1.name`.
///
/// Segments are separated by points; an element of an array is named by its index, in brackets or as a segment. An index
/// has only digits, and no zero in front. A key that is the whole rest of the path, as it stands, wins over the rest's
/// segments: `"args.size"` finds the key `args.size`. The empty path is the whole value. Any text is a path, as any text
/// can be a key; `evaluate(in:)` says what is wrong with one that finds nothing.
///
/// Paths beyond ``maximumSize`` find nothing. For keys with points or brackets in the middle of a path, and wherever
/// programs make paths, use ``JSONPointer``.
public struct ValuePath: Sendable, Hashable, CustomStringConvertible {
    /// UTF-8 bytes of a path; longer ones find nothing.
    public static let maximumSize = 4096

    /// The path as it was written.
    public let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { text }

    /// The value at the path; nil when there is none. `evaluate(in:)` says why.
    public func value(in root: JSONValue) -> JSONValue? {
        var walk = PathWalk(text)
        return walk.find(in: root)
    }

    /// The value at the path.
    ///
    /// - Throws: `ValuePathError` with the place of the first segment that names nothing, and the key that was probably meant.
    public func evaluate(in root: JSONValue) throws(ValuePathError) -> JSONValue {
        var walk = PathWalk(text)
        if let value = walk.find(in: root) { return value }
        throw walk.error(path: text)
    }

    public static func == (left: ValuePath, right: ValuePath) -> Bool { left.text.hasSameBytes(as: right.text) }

    public func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}

extension JSONValue {
    /// The value at `path` in this one; nil when there is none.
    public subscript(path: ValuePath) -> JSONValue? { path.value(in: self) }
}

/// Why a path finds nothing.
public struct ValuePathError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Sendable { case invalidSyntax, missing, tooLong }

    public var code: Code
    public var message: String
    /// Where in the path: UTF-8 byte offset from its start.
    public var offset: Int
    /// A key of the object where the path ended, when one is a slip of the pen away.
    public var nearestKey: String?

    /// The message, with the nearest key as a question.
    public var description: String {
        nearestKey.map { "\(message); did you mean \(JSONValue.string($0).text())?" } ?? message
    }
}

/// One walk along a path, which remembers where it ended.
private struct PathWalk {
    private enum End {
        case tooLong
        case unclosedBracket
        case badIndex(Substring)
        case noKey(String, nearest: String?)
        case noElement(Int, count: Int)
        case nothingInside(String)
    }

    private let path: Substring
    private var end = End.tooLong
    private var place = 0

    init(_ text: String) { path = text[...] }

    mutating func find(in root: JSONValue) -> JSONValue? {
        guard path.utf8.count <= ValuePath.maximumSize else { return nil }
        var value = root
        var rest = path
        while !rest.isEmpty {
            if let exact = value[String(rest)] { return exact }
            guard let next = step(into: value, &rest) else { return nil }
            value = next
            if rest.utf8.first == UInt8(ascii: ".") { rest = rest.dropFirstByte }
        }
        return value
    }

    /// Takes the first segment off the path, and goes where it leads.
    private mutating func step(into value: JSONValue, _ rest: inout Substring) -> JSONValue? {
        place = path.utf8.distance(from: path.startIndex, to: rest.startIndex)
        let bytes = rest.utf8
        let isBracket = bytes.first == UInt8(ascii: "[")
        let segment: Substring
        if isBracket {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return stop(.unclosedBracket) }
            segment = rest[bytes.index(after: rest.startIndex)..<close]
            rest = rest[bytes.index(after: close)...]
        } else {
            let close = bytes.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? rest.endIndex
            segment = rest[..<close]
            rest = rest[close...]
        }
        return member(segment, isBracket: isBracket, of: value)
    }

    private mutating func member(_ segment: Substring, isBracket: Bool, of value: JSONValue) -> JSONValue? {
        let index = ArrayIndex.parse(segment)
        if isBracket, index == nil { return stop(.badIndex(segment)) }
        switch value {
        case .object(let object) where !isBracket:
            let key = String(segment)
            return object[key] ?? stop(.noKey(key, nearest: NearestKey.find(key, in: object)))
        case .array(let elements):
            guard let index else { return stop(.badIndex(segment)) }
            return value[index] ?? stop(.noElement(index, count: elements.count))
        default: return stop(.nothingInside(value.typeName))
        }
    }

    private mutating func stop(_ end: End) -> JSONValue? {
        self.end = end
        return nil
    }

    func error(path text: String) -> ValuePathError {
        let before = Substring(text.utf8.prefix(place))
        let place = before.isEmpty ? "the whole value" : "'\(before.hasSuffix(".") ? before.dropLast() : before)'"
        func error(_ code: ValuePathError.Code, _ message: String, nearest: String? = nil) -> ValuePathError {
            ValuePathError(code: code, message: message, offset: self.place, nearestKey: nearest)
        }
        switch end {
        case .tooLong:
            return error(.tooLong, "the path has \(text.utf8.count) bytes, more than \(ValuePath.maximumSize)")
        case .unclosedBracket: return error(.invalidSyntax, "'[' without ']' in the path")
        case .badIndex(let segment):
            let shown = JSONValue.string(String(segment)).text()
            return error(.invalidSyntax, "at \(place): \(shown) is no index; one has digits only, as in [0]")
        case .noKey(let key, let nearest):
            return error(.missing, "at \(place): there is no member \(JSONValue.string(key).text())", nearest: nearest)
        case .noElement(let index, let count):
            return error(.missing, "at \(place): there are \(count) elements, none at \(index)")
        case .nothingInside(let type):
            return error(.missing, "at \(place): a value of type \(type) has nothing of that kind in it")
        }
    }
}

extension Substring {
    fileprivate var dropFirstByte: Substring { self[utf8.index(after: startIndex)...] }
}
