public import JSON

/// How a schema is read.
public struct SchemaOptions: Sendable {
    /// Documents that references may lead to, by their absolute URI. Nothing is ever fetched.
    public var documents: [String: JSONValue]
    /// Where the schema came from: relative references are resolved against this.
    public var baseURI: String
    /// The dialect of schemas without `$schema`.
    public var defaultDialect: SchemaDialect
    public var formats: FormatMode
    /// What happens to parts of a schema that cannot be used.
    public var strictness: Strictness
    public var limits: SchemaLimits

    /// Whether `format` is checked.
    public enum FormatMode: Hashable, Sendable {
        /// Only where the schema's vocabulary says so, as the specification has it.
        case annotation
        /// Always.
        case assertion
    }

    public enum Strictness: Hashable, Sendable {
        /// Malformed keywords, references to nowhere, unknown required vocabularies and patterns that cannot be
        /// compiled are errors.
        case strict
        /// They are left out, accept everything, and are noted in the schema's warnings. For schemas that somebody
        /// else wrote and that one has to live with.
        case tolerant
    }

    public init(
        documents: [String: JSONValue] = [:],
        baseURI: String = "",
        defaultDialect: SchemaDialect = .draft2020_12,
        formats: FormatMode = .annotation,
        strictness: Strictness = .strict,
        limits: SchemaLimits = SchemaLimits()
    ) {
        self.documents = documents
        self.baseURI = baseURI
        self.defaultDialect = defaultDialect
        self.formats = formats
        self.strictness = strictness
        self.limits = limits
    }
}

/// Bounds for schemas and values that may be hostile.
public struct SchemaLimits: Hashable, Sendable {
    /// Values (members, elements, scalars) in one schema document.
    public var values = 500_000
    /// Nesting of one schema document.
    public var depth = 200
    /// Subschemas that are compiled, over all documents.
    public var subschemas = 20_000
    /// Subschemas applied while one value is validated, with a share for what takes long in one of them. A schema whose
    /// references fan out runs into this.
    public var steps = 5_000_000
    /// Nesting of applied subschemas while one value is validated.
    public var evaluationDepth = 1_000
    /// Length of a pattern, in UTF-8 bytes.
    public var patternBytes = 4_096
    /// Instructions of a compiled pattern: repetitions are written out, so that short patterns can be long programs.
    public var patternSize = 20_000
    /// Work of all patterns while one value is validated: about one per byte that is read, more for look-around and
    /// back-references. A single search with these has a million at most.
    public var patternSteps = 200_000_000

    public init() {}
}

/// The revisions of JSON Schema whose keywords are understood.
public enum SchemaDialect: Int, Hashable, Sendable, Comparable {
    case draft4, draft6, draft7, draft2019_09, draft2020_12

    public static func < (left: SchemaDialect, right: SchemaDialect) -> Bool { left.rawValue < right.rawValue }

    /// The dialect of a `$schema` URI; nil for one that is not a published revision.
    public init?(uri: String) {
        var key = uri[...]
        if key.hasSuffix("#") { key.removeLast() }
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) { key.removeFirst(scheme.utf8.count) }
        switch key {
        case "json-schema.org/draft-03/schema", "json-schema.org/draft-04/schema": self = .draft4
        case "json-schema.org/draft-05/schema", "json-schema.org/draft-06/schema": self = .draft6
        case "json-schema.org/draft-07/schema": self = .draft7
        case "json-schema.org/draft/2019-09/schema": self = .draft2019_09
        case "json-schema.org/draft/2020-12/schema": self = .draft2020_12
        default: return nil
        }
    }
}
