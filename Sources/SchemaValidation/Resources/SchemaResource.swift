import JSON

/// A schema with an identity of its own: a document's root, or a part with `$id`.
struct SchemaResource: Sendable {
    /// Absolute when anything absolute was known; without fragment.
    var uri: String
    /// Index of the document.
    var document: Int
    /// Where in the document it begins.
    var pointer: String
    var dialect: SchemaDialect
    var vocabularies: Vocabularies
    /// Anchor → pointer in the document.
    var anchors: [String: String] = [:]
    var dynamicAnchors: [String: String] = [:]
}

/// A place in a document.
struct SchemaPlace: Hashable {
    var document: Int
    /// JSON pointer from the document's root.
    var pointer: String
}

/// Which keywords hold subschemas, and in which form.
enum SubschemaForm {
    case one, list, map, oneOrList, mapOfSchemasOrNames

    static let keywords: [String: SubschemaForm] = [
        "additionalItems": .one, "additionalProperties": .one, "contains": .one, "contentSchema": .one, "else": .one,
        "if": .one, "items": .oneOrList, "not": .one, "propertyNames": .one, "then": .one,
        "unevaluatedItems": .one, "unevaluatedProperties": .one,
        "allOf": .list, "anyOf": .list, "oneOf": .list, "prefixItems": .list,
        "$defs": .map, "definitions": .map, "dependentSchemas": .map, "patternProperties": .map, "properties": .map,
        "dependencies": .mapOfSchemasOrNames,
    ]
}
