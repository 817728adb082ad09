extension JSONValue {
    /// Whether both values mean the same: numbers are compared by their decimal values, at any depth.
    ///
    /// `1`, `1.0`, `1e0` and the big number `10e-1` mean the same, and so do `0` and `-0`; `9007199254740993` and
    /// `9007199254740992.0` do not: nothing is rounded, however many digits a number has. A double means its shortest
    /// decimal text, as which it is written and was read. Strings and keys are compared byte by byte; the order of
    /// members does not count. A double that is not finite means null.
    ///
    /// Two values are equivalent exactly when their texts in `JSONFormat.canonical` are the same.
    public func isEquivalent(to other: JSONValue) -> Bool { ValueEquality.areEqual(self, other) }

    /// Feeds what the value means: equivalent values feed the same.
    public func hashEquivalence(into hasher: inout Hasher) { ValueEquality.combine(self, &hasher) }
}

/// A value that equals the values that mean the same, for sets and keys of dictionaries; see
/// ``JSONValue/isEquivalent(to:)``.
public struct EquivalentJSON: Hashable, Sendable {
    public var value: JSONValue

    public init(_ value: JSONValue) { self.value = value }

    public static func == (left: EquivalentJSON, right: EquivalentJSON) -> Bool {
        left.value.isEquivalent(to: right.value)
    }

    public func hash(into hasher: inout Hasher) { value.hashEquivalence(into: &hasher) }
}
