/// Why a schema cannot be used, and where.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// A schema is neither an object nor a boolean.
        case notASchema
        /// A keyword's value has the wrong type or is outside what the keyword allows.
        case malformedKeyword
        /// A reference leads nowhere, or to a document that was not handed in.
        case unresolvedReference
        /// A schema applies itself to the same value, so that validation would never end.
        case endlessReference
        /// Two parts claim the same identifier.
        case duplicateIdentifier
        /// A metaschema requires a vocabulary that is not known here.
        case unknownVocabulary
        /// A pattern is not a regular expression or is too large.
        case invalidPattern
        /// The schema is larger than a limit.
        case tooLarge
    }

    public var code: Code
    /// A sentence without the place.
    public var message: String
    /// URI of the document or resource with a JSON pointer as its fragment.
    public var location: String

    public init(_ code: Code, _ message: String, at location: String) {
        self.code = code
        self.message = message
        self.location = location
    }

    public var description: String { "\(message) (at \(location))" }
}
