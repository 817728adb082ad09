import JSON

/// Keywords that apply subschemas.
extension SchemaCompiler {
    // MARK: Members

    /// `properties`, `patternProperties`, `additionalProperties` and `required` become one walk over the members.
    mutating func compileMembers(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        let applies = context.home.vocabularies.contains(.applicator)
        var table = KeyTableBuilder()
        var patterns: [PatternRule] = []
        var additional: Int32 = -1
        if applies {
            for (name, schema) in try map("properties", object, context) {
                table.declare(name, node: try child(schema, "properties", name, in: context))
            }
            for (source, schema) in try map("patternProperties", object, context) {
                let node = try child(schema, "patternProperties", source, in: context)
                guard let pattern = try pattern(source, context, keyword: "patternProperties") else { continue }
                patterns.append(PatternRule(pattern: pattern, node: node))
            }
            if let schema = object["additionalProperties"] {
                additional = try child(schema, "additionalProperties", in: context)
            }
        }
        let required = try requiredNames(object, context)
        for (bit, name) in required.enumerated() { table.require(name, bit: bit < 64 ? Int8(bit) : -1) }
        guard !table.entries.isEmpty || !patterns.isEmpty || additional >= 0 else { return }
        let rules = MemberRules(
            table: table.build(into: &program),
            patterns: append(patterns),
            additional: additional,
            required: append(required: required),
            requiredMask: required.count >= 64 ? .max : (1 << UInt64(required.count)) - 1
        )
        program.memberRules.append(rules)
        draft.node.members = Int32(program.memberRules.count - 1)
    }

    private mutating func append(_ rules: [PatternRule]) -> Stretch {
        let start = Int32(program.patternRules.count)
        program.patternRules += rules
        return Stretch(start: start, count: Int32(rules.count))
    }

    private mutating func append(required names: [String]) -> Stretch {
        let start = Int32(program.requiredKeys.count)
        program.requiredKeys += names
        return Stretch(start: start, count: Int32(names.count))
    }

    private mutating func requiredNames(_ object: JSONObject, _ context: SchemaContext) throws(SchemaError) -> [String]
    {
        guard context.home.vocabularies.contains(.validation), let value = object["required"] else { return [] }
        // Draft 3 had a boolean on the property itself; it says nothing here.
        if case .bool = value, options.strictness == .tolerant || context.home.dialect == .draft4 { return [] }
        return try names(value, "required", context) ?? []
    }

    private mutating func map(
        _ keyword: String,
        _ object: JSONObject,
        _ context: SchemaContext
    ) throws(SchemaError) -> JSONObject {
        switch object[keyword] {
        case .object(let members): return members
        case nil: return JSONObject()
        default:
            try malformed(keyword, "an object of schemas", context)
            return JSONObject()
        }
    }

    // MARK: Objects

    mutating func compileObjects(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        if let schema = object["propertyNames"], context.home.dialect >= .draft6 {
            draft.object.append(.propertyNames(try child(schema, "propertyNames", in: context)))
        }
        if context.home.dialect >= .draft2019_09 {
            var entries: [(String, Int32)] = []
            for (name, schema) in try map("dependentSchemas", object, context) {
                entries.append((name, try child(schema, "dependentSchemas", name, in: context)))
            }
            add(DependentNodes(keyword: "dependentSchemas", entries: entries), &draft)
        }
        // Replaced by two keywords in 2019-09, and still written.
        var names: [(String, [String])] = []
        var schemas: [(String, Int32)] = []
        for (name, value) in try map("dependencies", object, context) {
            if case .array = value {
                if let list = try self.names(value, "dependencies", context) { names.append((name, list)) }
            } else if case .string(let single) = value {
                names.append((name, [single]))
            } else {
                schemas.append((name, try child(value, "dependencies", name, in: context)))
            }
        }
        add(DependentNames(keyword: "dependencies", entries: names), &draft)
        add(DependentNodes(keyword: "dependencies", entries: schemas), &draft)
    }

    private mutating func add(_ rule: DependentNodes, _ draft: inout NodeDraft) {
        guard !rule.entries.isEmpty else { return }
        program.dependentNodes.append(rule)
        draft.object.append(.dependentSchemas(Int32(program.dependentNodes.count - 1)))
    }

    // MARK: Arrays

    mutating func compileArrays(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        var prefix: [Int32] = []
        var rest: Int32 = -1
        var hasOldNames = false
        let isModern = context.home.dialect >= .draft2020_12
        if isModern, let value = object["prefixItems"] {
            prefix = try list(value, "prefixItems", context)
        } else if object.hasKey("prefixItems") {
            warn("'prefixItems' is not part of this dialect and was left out", at: context.location)
        }
        if let items = object["items"] {
            if case .array = items {
                if isModern { warn("'items' with an array is read as 'prefixItems'", at: context.location + "/items") }
                if prefix.isEmpty {
                    prefix = try list(items, "items", context)
                    hasOldNames = true
                }
                if let others = object["additionalItems"] {
                    rest = try child(others, "additionalItems", in: context)
                    hasOldNames = true
                }
            } else {
                rest = try child(items, "items", in: context)
            }
        }
        if !prefix.isEmpty || rest >= 0 {
            program.itemRules.append(
                ItemRules(prefix: append(children: prefix), rest: rest, hasOldNames: hasOldNames)
            )
            draft.array.append(.items(Int32(program.itemRules.count - 1)))
        }
        try compileContains(object, context, &draft)
    }

    private mutating func compileContains(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        guard let schema = object["contains"], context.home.dialect >= .draft6 else { return }
        var rule = ContainsRule(
            node: try child(schema, "contains", in: context),
            minimum: 1,
            maximum: .max,
            marks: context.home.dialect >= .draft2020_12
        )
        if context.home.dialect >= .draft2019_09, context.home.vocabularies.contains(.validation) {
            rule.minimum = try count("minContains", object, context) ?? 1
            rule.maximum = try count("maxContains", object, context) ?? .max
        }
        program.containsRules.append(rule)
        draft.array.append(.contains(Int32(program.containsRules.count - 1)))
    }

    /// The nodes of a list of schemas.
    private mutating func list(
        _ value: JSONValue,
        _ keyword: String,
        _ context: SchemaContext
    ) throws(SchemaError) -> [Int32] {
        guard case .array(let schemas) = value else {
            try malformed(keyword, "an array of schemas", context)
            return []
        }
        var nodes: [Int32] = []
        for (index, schema) in schemas.enumerated() {
            nodes.append(try child(schema, keyword, String(index), in: context))
        }
        return nodes
    }

    // MARK: Combinations

    mutating func compileCombinations(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            guard let value = object[keyword] else { continue }
            let nodes = try list(value, keyword, context)
            guard !nodes.isEmpty else {
                if case .array = value { try malformed(keyword, "a list with at least one schema", context) }
                continue
            }
            let stretch = append(children: nodes)
            draft.general.append(
                keyword == "allOf" ? .all(stretch) : (keyword == "anyOf" ? .any(stretch) : .one(stretch))
            )
        }
        if let schema = object["not"] { try compileNot(schema, context, &draft) }
        if let schema = object["if"], context.home.dialect >= .draft7 {
            let rule = Conditional(
                condition: try child(schema, "if", in: context),
                then: try object["then"].map { then throws(SchemaError) in try child(then, "then", in: context) } ?? -1,
                otherwise: try object["else"].map { other throws(SchemaError) in try child(other, "else", in: context) }
                    ?? -1
            )
            program.conditionals.append(rule)
            draft.general.append(.conditional(Int32(program.conditionals.count - 1)))
        }
    }

    private mutating func compileNot(
        _ schema: JSONValue,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        switch schema {
        case .object, .bool: draft.general.append(.not(try child(schema, "not", in: context)))
        default:
            // What is left out accepts everything, of which `not` would leave nothing: it is left out with it.
            let message = "a schema is an object, true or false, not \(Phrase.kind(schema))"
            try complain(.notASchema, message, context, keyword: "not")
        }
    }

    mutating func compileUnevaluated(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        guard context.home.dialect >= .draft2019_09 else { return }
        if let schema = object["unevaluatedItems"] {
            draft.node.unevaluatedItems = try child(schema, "unevaluatedItems", in: context)
        }
        if let schema = object["unevaluatedProperties"] {
            draft.node.unevaluatedProperties = try child(schema, "unevaluatedProperties", in: context)
        }
    }
}
