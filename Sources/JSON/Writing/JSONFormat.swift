/// How a value is written.
public struct JSONFormat: Hashable, Sendable {
    /// Spaces of one level, at most ``maximumIndentation``; nil writes everything on one line without spaces.
    public var indentation: Int?
    /// Orders members by key, byte by byte, instead of as they are.
    public var sortsKeys: Bool
    /// Orders members and writes numbers as ``canonical`` says.
    private(set) var isCanonical = false

    /// More spaces than this are not written, whatever ``indentation`` says: a deep value would become very large.
    public static let maximumIndentation = 16

    /// One line without spaces, members in their order.
    public static let compact = JSONFormat(indentation: nil, sortsKeys: false)
    /// Two spaces for each level, members in their order.
    public static let pretty = JSONFormat(indentation: 2, sortsKeys: false)

    /// One text for all values that are equivalent, and different texts for all others: for hashes and signatures.
    ///
    /// One line without spaces. Members are ordered by the UTF-16 code units of their keys. Numbers are written as
    /// ECMAScript writes them (`3.0` as `3`, `1E3` as `1000`, `-0` as `0`, from 10^21 on with an exponent). For values all of whose
    /// numbers are doubles that is RFC 8785. Numbers that RFC 8785 would round to a double are written in the same form
    /// with all their digits, so that they keep differing. Source: RFC 8785.
    public static let canonical: JSONFormat = {
        var format = JSONFormat(indentation: nil, sortsKeys: true)
        format.isCanonical = true
        return format
    }()

    /// A format; a negative indentation counts as none, with line breaks.
    public init(indentation: Int?, sortsKeys: Bool) {
        self.indentation = indentation
        self.sortsKeys = sortsKeys
    }
}
