/// Why a text is not JSON, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        case unexpectedEnd, unexpectedCharacter, invalidNumber, invalidString, invalidUTF8, tooDeep, tooLarge,
            trailingText
    }

    package var code: Code
    package var message: String
    /// UTF-8 byte offset from the start of the text.
    package var offset: Int
    /// 1-based.
    package var line: Int
    /// 1-based, counted in bytes.
    package var column: Int

    package var description: String { "\(message) at line \(line), column \(column)" }
}
