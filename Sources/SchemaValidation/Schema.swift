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

    /// Compiles a schema.
    ///
    /// - Throws: what is wrong with the schema, and where.
    public init(_ json: JSONValue, options: SchemaOptions = SchemaOptions()) throws(SchemaError) {
        self.json = json
        (program, warnings, dialect) = try SchemaCompiler.compile(json, options: options)
    }

    /// Whether the value satisfies the schema.
    ///
    /// Allocates nothing for values that do, except for `uniqueItems` on long arrays. False as well when a limit ended the
    /// validation; ``validate(_:options:)`` tells the two apart.
    public func isValid(_ value: JSONValue) -> Bool {
        program.run { run in run.accepts(0, value, nil) && !run.isExhausted }
    }
}
