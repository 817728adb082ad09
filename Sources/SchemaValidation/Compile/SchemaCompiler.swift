import JSON

/// Turns schema documents into a program.
///
/// Every subschema is a node; nodes are compiled one after the other from a queue, so neither nesting nor circular
/// references make the compiler recurse.
struct SchemaCompiler {
    let options: SchemaOptions
    var registry: SchemaRegistry
    var program = ProgramTables()
    private(set) var warnings: [SchemaWarning] = []
    private var nodeByPlace: [SchemaPlace: Int32] = [:]
    private var pending: [PendingNode] = []
    var patternIndex: [String: Int32] = [:]

    private struct PendingNode {
        var context: SchemaContext
        var node: Int32
    }

    init(options: SchemaOptions) {
        self.options = options
        registry = SchemaRegistry(options: options)
        program.limits = options.limits
    }

    static func compile(
        _ schema: JSONValue,
        options: SchemaOptions
    ) throws(SchemaError) -> (ProgramTables, [SchemaWarning], SchemaDialect) {
        var compiler = SchemaCompiler(options: options)
        let root = try compiler.registry.add(schema, uri: options.baseURI)
        _ = try compiler.node(schema, at: SchemaPlace(document: 0, pointer: ""), resource: root)
        try compiler.compilePending()
        try compiler.finishDynamicTargets()
        try compiler.refuseEndlessReferences()
        compiler.findDiscriminators()
        return (
            compiler.program, compiler.registry.warnings + compiler.warnings, compiler.registry.resources[root].dialect
        )
    }

    /// The node of a place; a new one is compiled later.
    mutating func node(_ schema: JSONValue, at place: SchemaPlace, resource: Int) throws(SchemaError) -> Int32 {
        if let known = nodeByPlace[place] { return known }
        let home = registry.resources[resource]
        let location = registry.location(place, in: home)
        guard program.nodes.count < options.limits.subschemas else {
            throw SchemaError(.tooLarge, "more than \(options.limits.subschemas) subschemas", at: location)
        }
        let index = Int32(program.nodes.count)
        nodeByPlace[place] = index
        var node = Node()
        node.resource = Int32(resource)
        program.nodes.append(node)
        let pointer = String(location.dropFirst(home.uri.count + 1))
        program.infos.append(
            NodeInfo(
                schema: schema,
                pointer: pointer,
                resourceURI: home.uri,
                document: place.document,
                dialect: home.dialect
            )
        )
        let context = SchemaContext(schema: schema, place: place, resource: resource, home: home, location: location)
        pending.append(PendingNode(context: context, node: index))
        return index
    }

    /// The node of a subschema under a keyword, and under a member or index of it.
    mutating func child(
        _ schema: JSONValue,
        _ keyword: String,
        _ token: String? = nil,
        in context: SchemaContext
    ) throws(SchemaError) -> Int32 {
        let suffix = "/" + Pointer.escaped(keyword) + (token.map { "/" + Pointer.escaped($0) } ?? "")
        let place = SchemaPlace(document: context.place.document, pointer: context.place.pointer + suffix)
        let resource = registry.resource(at: place, inside: context.resource)
        let node = try node(schema, at: place, resource: resource)
        if let parent = nodeByPlace[context.place] { program.infos[Int(parent)].children[suffix] = node }
        return node
    }

    private mutating func compilePending() throws(SchemaError) {
        var next = 0
        while next < pending.count {
            let task = pending[next]
            next += 1
            try compile(task.context, into: task.node)
        }
        pending.removeAll()
    }

    private mutating func compile(_ context: SchemaContext, into index: Int32) throws(SchemaError) {
        var draft = NodeDraft(node: program.nodes[Int(index)])
        switch context.schema {
        case .bool(let accepts): draft.node.types = accepts ? .all : []
        case .object(let object): try compile(object, context, index, &draft)
        default:
            try complain(
                .notASchema,
                "a schema is an object, true or false, not \(Phrase.kind(context.schema))",
                context
            )
        }
        finish(draft, index)
    }

    private mutating func compile(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ index: Int32,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        try compileReferences(object, context, index, &draft)
        if context.home.dialect <= .draft7, object.hasKey("$ref") { return }
        let vocabularies = context.home.vocabularies
        if vocabularies.contains(.validation) {
            try compileTypes(object, context, &draft)
            try compileNumbers(object, context, &draft)
            try compileTexts(object, context, &draft)
            try compileCounts(object, context, &draft)
        }
        try compileFormat(object, context, &draft)
        try compileMembers(object, context, &draft)
        guard vocabularies.contains(.applicator) else { return }
        try compileArrays(object, context, &draft)
        try compileObjects(object, context, &draft)
        try compileCombinations(object, context, &draft)
        if vocabularies.contains(.unevaluated) { try compileUnevaluated(object, context, &draft) }
    }

    private mutating func finish(_ draft: NodeDraft, _ index: Int32) {
        var node = draft.node
        node.number = append(draft.number)
        node.string = append(draft.string)
        node.array = append(draft.array)
        node.object = append(draft.object)
        node.general = append(draft.general)
        node.isPlain =
            draft.number.isEmpty && draft.string.isEmpty && draft.array.isEmpty && draft.object.isEmpty
            && draft.general.isEmpty && node.members < 0 && node.unevaluatedItems < 0 && node.unevaluatedProperties < 0
        program.nodes[Int(index)] = node
    }

    private mutating func append(_ instructions: [Instruction]) -> Stretch {
        let start = Int32(program.instructions.count)
        program.instructions += instructions
        return Stretch(start: start, count: Int32(instructions.count))
    }

    mutating func append(children nodes: [Int32]) -> Stretch {
        let start = Int32(program.children.count)
        program.children += nodes
        return Stretch(start: start, count: Int32(nodes.count))
    }

    // MARK: Complaints

    /// Throws, or in tolerant use notes a warning and lets the caller leave the part out.
    mutating func complain(
        _ code: SchemaError.Code,
        _ message: String,
        _ context: SchemaContext,
        keyword: String? = nil
    ) throws(SchemaError) {
        let location = context.location + (keyword.map { "/" + Pointer.escaped($0) } ?? "")
        guard options.strictness == .tolerant else { throw SchemaError(code, message, at: location) }
        warn(message, at: location)
    }

    /// Warnings are bounded: a schema with a million faults needs no million sentences.
    private static let warningLimit = 100

    mutating func warn(_ message: String, at location: String) {
        guard warnings.count < Self.warningLimit else { return }
        warnings.append(SchemaWarning(message: message, location: location))
    }

    mutating func malformed(
        _ keyword: String,
        _ expected: String,
        _ context: SchemaContext
    ) throws(SchemaError) {
        let found = (context.schema[keyword]).map { Phrase.kind($0) } ?? "nothing"
        try complain(.malformedKeyword, "'\(keyword)' must be \(expected), not \(found)", context, keyword: keyword)
    }

    // MARK: Dynamic references

    /// Finds the targets in every resource that has been read; compiling them may read more.
    private mutating func finishDynamicTargets() throws(SchemaError) {
        var known = -1
        while known != registry.resources.count {
            known = registry.resources.count
            for index in program.dynamicTargets.indices {
                program.dynamicTargets[index].candidates = try candidates(program.dynamicTargets[index].name)
            }
            try compilePending()
        }
        program.tracksScope = program.dynamicTargets.contains { target in
            target.candidates.contains { $0.node != target.fallback }
        }
    }

    private mutating func candidates(_ name: String) throws(SchemaError) -> [(resource: Int32, node: Int32)] {
        var found: [(resource: Int32, node: Int32)] = []
        for (index, resource) in registry.resources.enumerated() {
            guard let pointer = resource.dynamicAnchors[name] else { continue }
            let place = SchemaPlace(document: resource.document, pointer: pointer)
            guard let schema = value(at: place) else { continue }
            found.append((Int32(index), try node(schema, at: place, resource: index)))
        }
        return found
    }

    func value(at place: SchemaPlace) -> JSONValue? {
        guard let tokens = Pointer.tokens(place.pointer) else { return nil }
        var value = registry.documents[place.document]
        for token in tokens {
            guard let next = value.member(token) else { return nil }
            value = next
        }
        return value
    }
}

/// Where a subschema stands while it is compiled.
struct SchemaContext {
    var schema: JSONValue
    var place: SchemaPlace
    /// Index of its resource.
    var resource: Int
    var home: SchemaResource
    /// URI with pointer.
    var location: String
}

/// A node's checks while they are collected.
struct NodeDraft {
    var node: Node
    var number: [Instruction] = []
    var string: [Instruction] = []
    var array: [Instruction] = []
    var object: [Instruction] = []
    var general: [Instruction] = []
}

extension JSONValue {
    /// The member or element that a token of a JSON pointer names.
    func member(_ token: String) -> JSONValue? {
        switch self {
        case .object(let object): return object[token]
        case .array(let elements):
            guard !token.isEmpty, token.utf8.allSatisfy({ $0 &- 0x30 <= 9 }), token == "0" || token.utf8.first != 0x30,
                let index = Int(token), elements.indices.contains(index)
            else { return nil }
            return elements[index]
        default: return nil
        }
    }
}
