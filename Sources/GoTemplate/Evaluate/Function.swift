/// What a parameter takes. Go's template engine checks kinds before a function runs, and so does this one.
enum ParameterKind: Sendable {
    case any
    case text
    /// An integer; a literal float without a fraction is one too.
    case integer
    /// A float; a literal integer is one too.
    case float
    case boolean
    /// An object; a literal `nil` is an empty one.
    case object
    /// A list.
    case list
    case time
    /// A version made by `semver`.
    case version
    /// A certificate with its key, as the functions that make them give it.
    case certificate
}

/// The arguments of one call, already checked against the parameters; valid only while the function runs.
struct Call {
    let values: UnsafeBufferPointer<Value>
    unowned(unsafe) let evaluator: Evaluator
    unowned(unsafe) let site: CallSite

    /// The function's name as it was called.
    var name: String { site.function.name }

    var arguments: UnsafeBufferPointer<Value> { values }

    var count: Int { values.count }

    subscript(index: Int) -> Value { values[index] }

    /// The text, with U+FFFD for bytes that are no characters.
    func text(_ index: Int) -> String { values[index].shownText ?? "" }

    /// The text's bytes.
    func bytes(_ index: Int) -> [UInt8] { values[index].utf8Text ?? [] }

    func integer(_ index: Int) -> Int {
        if case .integer(let value, _) = values[index] { Int(value) } else { 0 }
    }

    func flag(_ index: Int) -> Bool { if case .bool(let value) = values[index] { value } else { false } }

    /// The object; an empty one for null.
    func object(_ index: Int) -> MapBox {
        if case .map(let map) = values[index] { map } else { MapBox([:]) }
    }

    /// The list.
    /// - Throws: `wrongKind` for anything else, as the list functions do.
    func box(_ index: Int) throws(TemplateError) -> ListBox {
        guard case .list(let list) = values[index] else {
            throw .wrongKind("\(name): a list is needed, not \(values[index].typeName)")
        }
        return list
    }

    /// The list's elements.
    /// - Throws: `wrongKind` for anything else, as the list functions do.
    func list(_ index: Int) throws(TemplateError) -> [Value] { try box(index).elements }
}

/// A function that templates can call.
struct Function: Sendable {
    typealias Body = @Sendable (Call) throws(TemplateError) -> Value

    let name: String
    /// What it does, one sentence.
    let summary: String
    let parameters: [ParameterKind]
    /// The kind of any further arguments; nil when there may be none.
    let rest: ParameterKind?
    /// The function that this is another name for.
    let original: String?
    let body: Body

    init(
        _ name: String,
        _ parameters: [ParameterKind] = [],
        rest: ParameterKind? = nil,
        _ summary: String,
        original: String? = nil,
        _ body: @escaping Body
    ) {
        self.name = name
        self.original = original
        self.parameters = parameters
        self.rest = rest
        self.summary = summary
        self.body = body
    }

    func renamed(_ other: String, _ summary: String? = nil) -> Function {
        Function(other, parameters, rest: rest, summary ?? "Same as `\(name)`.", original: name, body)
    }

    /// Whether the number of arguments is looked at by the function itself, after all of them have been evaluated.
    var countsLate: Bool { name == "dig" }

    func kind(at index: Int) -> ParameterKind { index < parameters.count ? parameters[index] : rest ?? .any }

    func accepts(count: Int) -> Bool { count == parameters.count || (count > parameters.count && rest != nil) }

    /// - Throws: `wrongKind` when the argument does not fit its parameter.
    func check(_ value: Value, at index: Int) throws(TemplateError) {
        let isGood =
            switch (kind(at: index), value) {
            case (.any, _), (.text, .string), (.text, .bytes), (.integer, .integer), (.float, .double),
                (.boolean, .bool),
                (.time, .time),
                (.version, .version), (.list, .list):
                true
            case (.object, .map(let map)): !map.isTextMap && !map.isCertificate
            case (.certificate, .map(let map)): map.isCertificate
            default: false
            }
        guard !isGood else { return }
        throw .wrongKind(
            "wrong type for argument \(index + 1) of \(name): expected \(expectation(at: index)), got \(value.typeName)"
        )
    }

    private func expectation(at index: Int) -> String {
        switch kind(at: index) {
        case .any: "a value"
        case .text: "a string"
        case .integer: "an integer"
        case .float: "a float"
        case .boolean: "a boolean"
        case .object: "an object"
        case .list: "a list"
        case .time: "a time"
        case .version: "a version"
        case .certificate: "a certificate with its key"
        }
    }
}
