/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        case unexpectedEnd, unexpectedCharacter, invalidNumber, invalidString, invalidUTF8, byteOrderMark, tooDeep,
            tooLarge, trailingText
    }

    public var code: Code
    public var message: String
    /// UTF-8 byte offset from the start of the text.
    public var offset: Int
    /// 1-based.
    public var line: Int
    /// 1-based, counted in bytes.
    public var column: Int

    public var description: String { "\(message) at line \(line), column \(column)" }
}
