/// How a value is written.
public struct JSONFormat: Hashable, Sendable {
    /// Spaces of one level; nil writes everything on one line without spaces.
    public var indentation: Int?
    /// Orders members by key, byte by byte, instead of as they are.
    public var sortsKeys: Bool
    /// Orders members by the UTF-16 code units of their keys.
    private(set) var isCanonical = false

    public static let compact = JSONFormat(indentation: nil, sortsKeys: false)
    public static let pretty = JSONFormat(indentation: 2, sortsKeys: false)

    /// One text for all equal values, for hashes and comparisons: members are ordered by the UTF-16 code units of their
    /// keys, as RFC 8785 orders them. Numbers are written as in the other formats, not yet as RFC 8785 writes them: `3` and
    /// `3.0` have different texts.
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
