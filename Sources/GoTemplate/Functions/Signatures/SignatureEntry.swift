/// The signature of a function as it is written in the tables of this folder.
///
/// `name(parameter: type, rest: type...) -> type`, where a type is `any`, `string`, `integer`, `number`, `boolean`,
/// `list`, `list of T`, `object`, `object of T`, `time`, `version`, `certificate`, `T | T`, and, for arguments counted
/// from one, `type of 1` and `element of 1`.
struct SignatureEntry {
    let name: String
    let parameters: [TemplateSignature.Parameter]
    let rest: TemplateSignature.Parameter?
    let result: TemplateType
    let isDeterministic: Bool
    let alwaysFails: Bool
    let examples: [TemplateSignature.Example]

    init(
        _ text: String,
        isDeterministic: Bool = true,
        alwaysFails: Bool = false,
        examples: [(action: String, output: String)] = []
    ) {
        self.isDeterministic = isDeterministic
        self.alwaysFails = alwaysFails
        self.examples = examples.map { TemplateSignature.Example(action: $0.action, output: $0.output) }
        var reader = Reader(text)
        name = reader.take(upTo: "(")
        var parameters: [TemplateSignature.Parameter] = []
        var rest: TemplateSignature.Parameter?
        while !reader.skip(")") {
            let name = reader.take(upTo: ": ")
            let parameter = TemplateSignature.Parameter(name: name, type: reader.type())
            if reader.skip("...") { rest = parameter } else { parameters.append(parameter) }
            _ = reader.skip(", ")
        }
        self.parameters = parameters
        self.rest = rest
        precondition(reader.skip(" -> "), "no result in the signature \(text)")
        result = reader.type()
        precondition(reader.isAtEnd, "the signature \(text) goes on behind its result")
    }

    private struct Reader {
        private let text: String
        private var rest: Substring

        init(_ text: String) {
            self.text = text
            rest = text[...]
        }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skip(_ mark: String) -> Bool {
            guard rest.hasPrefix(mark) else { return false }
            rest = rest.dropFirst(mark.count)
            return true
        }

        mutating func take(upTo mark: String) -> String {
            let word = String(rest.prefix { $0 != mark.first })
            rest = rest.dropFirst(word.count)
            precondition(skip(mark), "the signature \(text) lacks \(mark)")
            return word
        }

        mutating func type() -> TemplateType {
            let first = single()
            guard rest.hasPrefix(" | ") else { return first }
            var types = [first]
            while skip(" | ") { types.append(single()) }
            return .union(types)
        }

        private mutating func single() -> TemplateType {
            let words: [(String, TemplateType)] = [
                ("any", .any), ("string", .string), ("integer", .integer), ("number", .number), ("boolean", .boolean),
                ("time", .time), ("version", .version), ("certificate", .certificate),
            ]
            for (word, type) in words where skip(word) { return type }
            if skip("list of ") { return .list(single()) }
            if skip("list") { return .list(.any) }
            if skip("object of ") { return .object(single()) }
            if skip("object") { return .object(.any) }
            if skip("type of ") { return .argument(index()) }
            if skip("element of ") { return .element(ofArgument: index()) }
            preconditionFailure("the signature \(text) has an unknown type before \(rest)")
        }

        private mutating func index() -> Int {
            let digit = rest.first?.wholeNumberValue ?? 0
            precondition(digit > 0, "the signature \(text) lacks the number of an argument")
            rest = rest.dropFirst()
            return digit - 1
        }
    }
}
