/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Code: Sendable {
        /// The text ends before its value does.
        case unexpectedEnd
        /// A byte that no rule allows in its place.
        case unexpectedCharacter
        /// A number with a missing digit, or with a zero in front.
        case invalidNumber
        /// A control character, or an escape that does not exist.
        case invalidString
        /// A string's bytes are not UTF-8: cut off, overlong, a surrogate, beyond U+10FFFF.
        case invalidUTF8
        /// A byte order mark before the text, of any encoding.
        case byteOrderMark
        /// Zero bytes at the start, as UTF-16 and UTF-32 have.
        case wrongEncoding
        /// Nested deeper than `JSONLimits.depth`.
        case tooDeep
        /// More bytes than `JSONLimits.size`.
        case tooLarge
        /// Something that is not white space behind the value.
        case trailingText
    }

    public var code: Code
    /// What is wrong and what is expected, for people; without the place.
    public var message: String
    /// UTF-8 byte offset from the start of the text, at most its length.
    public var offset: Int
    /// 1-based.
    public var line: Int
    /// 1-based, counted in bytes.
    public var column: Int

    /// The message with line and column.
    public var description: String { "\(message) at line \(line), column \(column)" }
}
