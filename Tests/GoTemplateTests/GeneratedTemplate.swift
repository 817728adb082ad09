/// Writes templates that mostly work on `GeneratedTemplate.data`: blocks, variables, paths and calls, by a seed.
struct GeneratedTemplate {
    static let data = """
        {"input":{"s":"tex<t","n":3,"f":2.5,"b":true,"none":null,"l":["a","b"],"o":{"k":"v","p":{"q":[1,{"z":"deep"}]}},
        "rows":[{"name":"x","n":1,"tags":["t"]},{"name":"y","n":2,"tags":[]}]},
        "results":{"get":{"items":[{"id":1,"name":"i"},{"id":2,"name":"j"}],"ok":true},"bare":"word"},
        "vars":{"x":"y","inner":{"deep":{"er":1}}},"context":{"only":"c"}}
        """

    /// What an expression gives; decides what may be done with it.
    private enum Kind { case text, number, object, row, rows, texts }

    private var random: SplitMix64
    private var variables: [(name: String, kind: Kind)] = []
    private var dot: Kind?
    private var depth = 0

    static func text(seed: UInt64) -> String {
        var generator = GeneratedTemplate(random: SplitMix64(state: seed))
        if generator.chance(4) { return "{{ \(generator.expression()) }}" }
        return generator.block()
    }

    private init(random: SplitMix64) { self.random = random }

    private mutating func chance(_ count: UInt64) -> Bool { random.next() % count == 0 }

    private mutating func block() -> String {
        depth += 1
        defer { depth -= 1 }
        let outer = variables
        defer { variables = outer }
        return (0..<(1 + random.next() % 4)).map { _ in node() }.joined(separator: random.pick(["", " ", "\n", "é "]))
    }

    private mutating func node() -> String {
        switch random.next() % (depth > 3 ? 4 : 9) {
        case 0: return random.pick(["text ", "{ x }", "ü\n", ""])
        case 1, 2: return "{{ \(expression()) }}"
        case 3:
            let kind = random.pick([Kind.text, .number, .object, .rows, .texts])
            let value = path(kind)
            variables.append((random.pick(["$a", "$b", "$c"]), kind))
            return "{{ \(variables[variables.count - 1].name) := \(value) }}"
        case 4: return "{{ if \(expression()) }}\(block()){{ else }}\(block()){{ end }}"
        case 5: return "{{ with \(path(.object)) }}\(inside(.object)){{ else }}\(block()){{ end }}"
        case 6: return "{{ range \(path(.rows)) }}\(inside(.row)){{ end }}"
        case 7:
            let list = path(.texts)
            let outer = variables
            defer { variables = outer }
            variables.append(("$e", .text))
            return "{{ range $i, $e := \(list) }}\(inside(.text)){{ end }}"
        default: return "{{- /* comment */ -}}"
        }
    }

    private mutating func inside(_ kind: Kind) -> String {
        let outer = dot
        defer { dot = outer }
        dot = kind
        return block()
    }

    private mutating func expression() -> String {
        switch random.next() % 10 {
        case 0: return "upper \(path(.text))"
        case 1: return "add \(path(.number)) 1"
        case 2: return "\(path(.text)) | quote"
        case 3: return "len \(path(.texts))"
        case 4: return "index \(path(.rows)) 0"
        case 5: return "(index \(path(.rows)) \(random.next() % 2)).name"
        case 6: return "default \(path(.text)) (get \(path(.object)) \"k\")"
        case 7: return "ternary \(path(.text)) \(path(.number)) (hasKey \(path(.object)) \"p\")"
        case 8: return "eq \(path(.number)) \(path(.number))"
        default: return path(random.pick([.text, .number, .object, .row, .rows, .texts]))
        }
    }

    /// An operand that gives a value of the kind; now and then one that fails.
    private mutating func path(_ kind: Kind) -> String {
        if chance(60) { return random.pick([".input.nope", "$.results.get.nope.x", ".nowhere", "nobody"]) }
        let known = variables.filter { $0.kind == kind }
        if !known.isEmpty, chance(2) { return random.pick(known).name }
        if let dot, chance(2), let relative = relative(kind, dot) { return relative }
        let root = dot == nil && chance(2) ? "" : "$"
        return random.pick(choices(kind, root))
    }

    private mutating func relative(_ kind: Kind, _ dot: Kind) -> String? {
        switch (kind, dot) {
        case (.text, .row): ".name"
        case (.object, .object), (.text, .text), (.row, .row): "."
        default: nil
        }
    }

    private func choices(_ kind: Kind, _ root: String) -> [String] {
        switch kind {
        case .text:
            [
                "\(root).input.s", "\(root).input.o.k", "\(root).vars.x", "bare", "\(root).bare",
                "(index \(root).input.l 1)",
            ]
                + ["\(root).stepResults.bare", "(index \(root).input.o \"k\")", "vars.x", "\(root).context.only"]
        case .number: ["\(root).input.n", "\(root).args.n", "n", "(index \(root).input.rows 1).n", "inner.deep.er"]
        case .object:
            [
                "\(root).input.o", "\(root).input.o.p", "\(root).results.get", "(index \(root).vars \"inner\")",
                "inner.deep",
            ]
        case .row: ["(index \(root).input.rows 0)", "(first \(root).results.get.items)", "\(root).input.rows[1]"]
        case .rows:
            ["\(root).input.rows", "\(root).results.get.items", "get.items", "(index \(root).results.get \"items\")"]
        case .texts: ["\(root).input.l", "(list \(root).input.s \"x\")", "(index \(root).input.rows 0).tags", "l"]
        }
    }
}
