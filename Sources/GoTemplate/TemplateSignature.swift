/// What is known about the kind of a value without evaluating anything.
public indirect enum TemplateType: Sendable, Hashable {
    case any
    case string
    case integer
    /// An integer or a float.
    case number
    case boolean
    case list(TemplateType)
    /// An object whose members have this type.
    case object(TemplateType)
    case time
    /// A semantic version.
    case version
    /// A certificate with its key: the fields `Cert` and `Key`.
    case certificate
    case union([TemplateType])
    /// The type of the argument at this index, counted from zero.
    case argument(Int)
    /// The type of the elements of the list at this index of the arguments, counted from zero.
    case element(ofArgument: Int)
}

extension TemplateType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .any: "any"
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .list(.any): "list"
        case .list(let element): "list of \(element)"
        case .object(.any): "object"
        case .object(let member): "object of \(member)"
        case .time: "time"
        case .version: "version"
        case .certificate: "certificate"
        case .union(let types): types.map(\.description).joined(separator: " | ")
        case .argument(let index): "type of \(index + 1)"
        case .element(let index): "element of \(index + 1)"
        }
    }
}

/// What there is to know about a function without calling it.
public struct TemplateSignature: Sendable, Hashable {
    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var type: TemplateType
    }

    public struct Example: Sendable, Hashable {
        /// What stands between `{{` and `}}`.
        public var action: String
        public var output: String
    }

    /// The group of functions that it belongs to.
    public var family: String
    public var name: String
    /// What must be given, in this order.
    public var parameters: [Parameter]
    /// What may be given any number of times behind the others; nil when nothing may.
    public var rest: Parameter?
    public var result: TemplateType
    /// Whether the same arguments always give the same result: no clock, no chance.
    public var isDeterministic: Bool
    /// Whether every call is an error.
    public var alwaysFails: Bool
    /// Whether the function changes an object that is given to it.
    public var changesArgument: Bool
    /// The function that this is only another name for; nil for most.
    public var alias: String?
    /// Whether the name is an old one, that new templates should not use.
    public var isDeprecated: Bool
    /// What it does, one sentence.
    public var summary: String
    public var examples: [Example]

    /// `trunc(length: integer, text: string) → string`.
    public var declaration: String {
        var texts = parameters.map { "\($0.name): \($0.type)" }
        if let rest { texts.append("\(rest.name): \(rest.type)…") }
        return "\(name)(\(texts.joined(separator: ", "))) → \(result)"
    }
}
