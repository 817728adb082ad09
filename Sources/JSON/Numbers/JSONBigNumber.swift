/// A number that neither `Int64` nor `Double` holds without loss, as it was written.
///
/// Its text is always a JSON number, and always one that needs this type: `12` and `0.5` are none. Two are equal when they
/// are written alike; `JSONValue.isEquivalent(to:)` compares values.
public struct JSONBigNumber: Hashable, Sendable, CustomStringConvertible {
    /// The digits as they were written: ASCII, as RFC 8259, section 6, says.
    public let text: String

    /// The number that `text` spells; nil when the text is no JSON number, and when `.integer` or `.double` holds it.
    ///
    /// `JSONValue(number:)` takes any number and finds out which case it is.
    public init?(text: String) {
        guard case .bigNumber(let number)? = JSONValue(number: text) else { return nil }
        self = number
    }

    /// Takes a text that has been checked.
    init(checked text: String) { self.text = text }

    public var description: String { text }
}

extension JSONBigNumber: ExpressibleByStringLiteral {
    /// The number of a literal in source code: `.bigNumber("1e400")`. A literal that `init(text:)` would refuse stops the
    /// program; text that is not known to be right is for `init(text:)`.
    public init(stringLiteral text: String) {
        guard let number = JSONBigNumber(text: text) else {
            preconditionFailure("'\(text)' is no number that needs to be a JSONBigNumber")
        }
        self = number
    }
}
