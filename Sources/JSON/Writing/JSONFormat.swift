/// How a value is written.
public struct JSONFormat: Hashable, Sendable {
    /// Spaces of one level; nil writes everything on one line without spaces.
    public var indentation: Int?
    /// Orders members by key, byte by byte, instead of as they are.
    public var sortsKeys: Bool
    /// Orders members and writes numbers as RFC 8785 says.
    private(set) var isCanonical = false

    public static let compact = JSONFormat(indentation: nil, sortsKeys: false)
    public static let pretty = JSONFormat(indentation: 2, sortsKeys: false)

    /// One text for all values that are equivalent: for hashes and comparisons.
    ///
    /// Members are ordered by the UTF-16 code units of their keys, numbers are written as ECMAScript writes them (`3.0` as
    /// `3`, `1e3` as `1000`). Where RFC 8785 would round a number to a double, all its digits are written instead: values
    /// that differ have different texts. Source: RFC 8785.
    public static let canonical: JSONFormat = {
        var format = JSONFormat(indentation: nil, sortsKeys: true)
        format.isCanonical = true
        return format
    }()

    public init(indentation: Int?, sortsKeys: Bool) {
        self.indentation = indentation
        self.sortsKeys = sortsKeys
    }
}
