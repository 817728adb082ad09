public import JSON

/// A compiled JSON Schema.
///
/// Compiling checks the schema and resolves its references once; validating is then a walk over flat tables. A schema is
/// immutable and may be used from many tasks at a time.
public struct Schema: Sendable {
    /// The schema as it was written.
    public let json: JSONValue
    /// The dialect of its root.
    public let dialect: SchemaDialect
    /// What was passed over while reading it.
    public let warnings: [SchemaWarning]
    let program: Program
    let reading: Reading

    /// What decides, besides the text, what a schema means.
    struct Reading: Hashable {
        var formats: SchemaOptions.FormatMode
        var dialect: SchemaDialect
        var strictness: SchemaOptions.Strictness
        var hasDocuments: Bool
    }

    /// Compiles a schema.
    ///
    /// - Throws: what is wrong with the schema, and where.
    public init(_ json: JSONValue, options: SchemaOptions = SchemaOptions()) throws(SchemaError) {
        self.json = json
        let (tables, warnings, dialect) = try SchemaCompiler.compile(json, options: options)
        program = Program(tables)
        self.warnings = warnings
        self.dialect = dialect
        reading = Reading(
            formats: options.formats,
            dialect: dialect,
            strictness: options.strictness,
            hasDocuments: !options.documents.isEmpty
        )
    }

    /// Whether the value satisfies the schema.
    ///
    /// Allocates nothing for values that do, except for `uniqueItems` on long arrays. False as well when a limit ended the
    /// validation; ``validate(_:options:)`` tells the two apart.
    public func isValid(_ value: JSONValue) -> Bool {
        program.run { run in run.accepts(0, HeldValue(value), nil) && !run.isExhausted }
    }
}
