import Diagnostics

/// Why a template cannot be parsed, compiled or evaluated.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The text is not a template: a delimiter, a literal or a structure is wrong.
        case syntax = "TP0201"
        /// A function is called that does not exist.
        case unknownFunction = "TP0202"
        /// A function is called that exists elsewhere but is left out here on purpose.
        case refusedFunction = "TP0203"
        /// A variable is used that was not declared.
        case unknownVariable = "TP0204"
        /// A field was read that the data lacks; see `missingKey`.
        case missingKey = "TP0205"
        /// A value has the wrong kind for what is done with it.
        case wrongKind = "TP0206"
        /// A function got a number of arguments that it does not take.
        case argumentCount = "TP0207"
        /// A function refused its arguments.
        case function = "TP0208"
        /// The template itself called `fail`.
        case failed = "TP0209"
        /// A bound was reached: output, steps, time or depth.
        case limit = "TP0210"
    }

    public var code: Code
    /// What went wrong and what was expected, without the place.
    public var message: String
    /// The part of the template that failed: UTF-8 byte offsets, half-open; nil when no place is known.
    public internal(set) var range: Range<Int>?
    /// 1-based; nil when no place is known.
    public internal(set) var line: Int?
    /// 1-based, counted in Unicode scalars.
    public internal(set) var column: Int?
    /// The part that failed as it is written, shortened when it is long.
    public internal(set) var node: String?
    /// Where the part stands in the file that the template was read from, e.g. `deploy.yaml:12:20`; set by whoever knows
    /// the file.
    public var place: String?
    /// The first absent key when `code` is `missingKey`.
    public var missingKey: String?

    init(_ code: Code, _ message: String, at place: Place? = nil, missingKey: String? = nil) {
        self.code = code
        self.message = message
        range = place?.range
        self.missingKey = missingKey
    }

    init(_ code: Code, _ message: String, at offset: Int) {
        self.init(code, message, at: Place(offset, offset))
    }

    /// UTF-8 byte offset of the start of the part that failed.
    public var offset: Int? { range?.lowerBound }

    public var description: String {
        guard let place = place ?? line.flatMap({ line in column.map { "line \(line), column \($0)" } }) else {
            return message
        }
        guard let node, !node.isEmpty else { return "\(message) (\(place))" }
        return "\(message) (\(place), at <\(node)>)"
    }
}

extension TemplateError {
    /// Bytes of a failing part that are shown.
    private static let shownBytes = 80

    /// The same error with a place, unless it has one already.
    func placed(at place: Place) -> TemplateError {
        guard range == nil else { return self }
        var copy = self
        copy.range = place.range
        return copy
    }

    /// The same error with line, column and the part that failed, taken from the template's text.
    func located(in text: [UInt8]) -> TemplateError {
        guard let range, line == nil else { return self }
        var copy = self
        let start = min(range.lowerBound, text.count)
        let lineStart = text[..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        copy.line = text[..<start].count { $0 == 0x0A } + 1
        copy.column = text[lineStart..<start].count { $0 & 0xC0 != 0x80 } + 1
        let part = text[start..<max(start, min(range.upperBound, text.count))]
        let shown = String(decoding: part.prefix(Self.shownBytes), as: UTF8.self)
        copy.node = part.count > Self.shownBytes ? shown + "…" : shown
        return copy
    }

    static func missing(_ key: String, in keys: [String] = []) -> TemplateError {
        let hint = NearestWord.find(key, in: keys).map { "; did you mean \"\($0)\"?" } ?? ""
        return TemplateError(.missingKey, "map has no entry for key \"\(key)\"\(hint)", missingKey: key)
    }

    static func wrongKind(_ message: String) -> TemplateError { TemplateError(.wrongKind, message) }

    static func function(_ message: String) -> TemplateError { TemplateError(.function, message) }
}
