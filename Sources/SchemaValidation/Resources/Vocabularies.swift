import JSON

/// Groups of keywords that a metaschema switches on.
struct Vocabularies: OptionSet, Sendable {
    let rawValue: UInt8

    static let core = Vocabularies(rawValue: 1)
    static let applicator = Vocabularies(rawValue: 2)
    static let unevaluated = Vocabularies(rawValue: 4)
    static let validation = Vocabularies(rawValue: 8)
    static let formatAssertion = Vocabularies(rawValue: 16)
    /// Title, default, format as annotation, content: nothing is checked.
    static let annotation = Vocabularies(rawValue: 32)

    static let standard: Vocabularies = [.core, .applicator, .unevaluated, .validation, .annotation]

    /// The vocabulary of a URI; nil for an unknown one.
    static func named(_ uri: String) -> Vocabularies? {
        guard let slash = uri.lastIndex(of: "/") else { return nil }
        let prefix = uri[..<slash]
        guard
            prefix == "https://json-schema.org/draft/2020-12/vocab"
                || prefix == "https://json-schema.org/draft/2019-09/vocab"
        else { return nil }
        return switch uri[uri.index(after: slash)...] {
        case "core": .core
        case "applicator": prefix.contains("2019-09") ? [.applicator, .unevaluated] : .applicator
        case "unevaluated": .unevaluated
        case "validation": .validation
        case "format-assertion": .formatAssertion
        case "format-annotation", "format", "meta-data", "content": .annotation
        default: nil
        }
    }
}
