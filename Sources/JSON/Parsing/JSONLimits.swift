/// What a parser accepts before it gives up.
public struct JSONLimits: Sendable {
    /// No text may be nested deeper than this, whatever `depth` says: values are written, compared and released by
    /// functions that call themselves, and those need stack.
    public static let maximumDepth = 2048

    /// Nesting of arrays and objects; values above ``maximumDepth`` count as that.
    public var depth: Int
    /// UTF-8 bytes of the whole text.
    public var size: Int

    public init(depth: Int = 256, size: Int = 64 << 20) {
        self.depth = depth
        self.size = size
    }
}
