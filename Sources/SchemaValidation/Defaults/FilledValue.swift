public import JSON

/// A value with the defaults of a schema.
public struct FilledValue: Sendable {
    public var value: JSONValue
    /// JSON pointers to the members that were added, in the order of adding: a member comes before those within it.
    public var filled: [String]
    /// Defaults that were left out, and why.
    public var skipped: [SkippedDefault]
    /// Whether a limit ended the filling, so that defaults may be missing.
    public var isTruncated: Bool
}

/// A default that was left out.
public struct SkippedDefault: Hashable, Sendable, CustomStringConvertible {
    /// JSON pointer to the member that it would have filled.
    public var instanceLocation: String
    /// URI of the schema that it stands in: its resource, with a JSON pointer as fragment.
    public var schemaLocation: String
    /// A sentence.
    public var message: String

    public init(instanceLocation: String, schemaLocation: String, message: String) {
        self.instanceLocation = instanceLocation
        self.schemaLocation = schemaLocation
        self.message = message
    }

    public var description: String { message }
}

/// Bounds for filling in defaults: a schema that somebody else wrote must not make a small value large.
public struct DefaultLimits: Hashable, Sendable {
    /// Members that are added.
    public var members = 10_000
    /// Values (members, elements, scalars) in all that is added.
    public var values = 100_000
    /// Defaults that are reported as left out.
    public var skipped = 50

    public init() {}
}

extension Schema {
    /// Adds members that are absent and have a `default`.
    ///
    /// Looked for in `properties`, and within present members and elements, through `properties`, `patternProperties`,
    /// `additionalProperties`, `items`, `prefixItems`, `$ref`, `$dynamicRef`, `allOf` and `dependentSchemas`; then in the
    /// branch of `if` that the value takes so far, and in `anyOf` and `oneOf` when exactly one alternative accepts it so
    /// far. A present member is never replaced, not even a null. Elements are never added. A default is filled itself
    /// before it is added; it is left out when the subschema that it stands in does not accept it then, or when it would
    /// be filled into itself. The first of several defaults counts.
    ///
    /// Defaults are no validation: a member that was added may matter to another rule (`maxProperties`, `not`), so
    /// validate the outcome.
    public func applyingDefaults(to value: JSONValue, limits: DefaultLimits = DefaultLimits()) -> FilledValue {
        program.run { run in
            var filler = DefaultFiller(run: run, limits: limits)
            return filler.fill(value)
        }
    }
}
