import JSON
import RegularExpressions

/// Types, constants, numbers, texts and counts.
extension SchemaCompiler {
    mutating func compileTypes(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        if let type = object["type"] { draft.node.types = try types(type, context) ?? .all }
        if let value = object["const"], context.home.dialect >= .draft6 {
            if case .string(let text) = value {
                program.texts.append(TextConstant(words: KeyWords(text), text: text))
                draft.general.append(.text(Int32(program.texts.count - 1)))
            } else {
                program.values.append(value)
                draft.general.append(.constant(Int32(program.values.count - 1)))
            }
        }
        if let list = object["enum"] {
            if case .array(let values) = list {
                program.enumerations.append(Enumeration(values))
                draft.general.append(.enumeration(Int32(program.enumerations.count - 1)))
            } else {
                try malformed("enum", "an array", context)
            }
        }
    }

    private mutating func types(_ value: JSONValue, _ context: SchemaContext) throws(SchemaError) -> TypeSet? {
        let names: [JSONValue] = if case .array(let names) = value { names } else { [value] }
        var types: TypeSet = []
        for name in names {
            guard case .string(let name) = name, let type = TypeSet.named(name) else {
                try complain(
                    .malformedKeyword,
                    "'type' must be one of the seven type names, not \(Phrase.shown(name))",
                    context,
                    keyword: "type"
                )
                return nil
            }
            types.formUnion(type)
        }
        return types
    }

    // MARK: Numbers

    mutating func compileNumbers(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        // In draft 4 the exclusive forms are booleans beside the limit.
        try compileBound(
            "minimum",
            isUpper: false,
            isExclusive: object["exclusiveMinimum"] == .bool(true),
            object,
            context,
            &draft
        )
        try compileBound(
            "maximum",
            isUpper: true,
            isExclusive: object["exclusiveMaximum"] == .bool(true),
            object,
            context,
            &draft
        )
        try compileBound("exclusiveMinimum", isUpper: false, isExclusive: true, object, context, &draft)
        try compileBound("exclusiveMaximum", isUpper: true, isExclusive: true, object, context, &draft)
        guard let value = object["multipleOf"] else { return }
        guard let divisor = Divisor(value) else { return try malformed("multipleOf", "a number above 0", context) }
        program.divisors.append(divisor)
        program.divisorValues.append(value)
        draft.number.append(.multipleOf(Int32(program.divisors.count - 1)))
    }

    private mutating func compileBound(
        _ keyword: String,
        isUpper: Bool,
        isExclusive: Bool,
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        guard let value = object[keyword] else { return }
        if case .bool = value, keyword.hasPrefix("exclusive") { return }
        guard value.isNumber else { return try malformed(keyword, "a number", context) }
        if case .integer(let limit) = value, !isExclusive {
            draft.number.append(isUpper ? .maximum(limit) : .minimum(limit))
            return
        }
        var double = Double.nan
        if case .double(let number) = value { double = number }
        program.bounds.append(Bound(limit: value, isUpper: isUpper, isExclusive: isExclusive, double: double))
        draft.number.append(.bound(Int32(program.bounds.count - 1)))
    }

    // MARK: Texts

    mutating func compileTexts(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        if let limit = try count("minLength", object, context), limit > 0 { draft.string.append(.minLength(limit)) }
        if let limit = try count("maxLength", object, context) { draft.string.append(.maxLength(limit)) }
        guard let value = object["pattern"] else { return }
        guard case .string(let source) = value else { return try malformed("pattern", "a text", context) }
        if let pattern = try pattern(source, context, keyword: "pattern") { draft.string.append(.pattern(pattern)) }
    }

    mutating func compileFormat(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        guard options.formats == .assertion || context.home.vocabularies.contains(.formatAssertion) else { return }
        guard let value = object["format"] else { return }
        guard case .string(let name) = value else { return try malformed("format", "a text", context) }
        // Unknown formats accept everything, as the specification has it.
        if let format = Format(rawValue: name) { draft.string.append(.format(format)) }
    }

    /// The index of a pattern; the same text is compiled once.
    mutating func pattern(
        _ source: String,
        _ context: SchemaContext,
        keyword: String
    ) throws(SchemaError) -> Int32? {
        if let known = patternIndex[source], isSameText(program.patterns[Int(known)].source, source) { return known }
        do throws(RegularExpressionError) {
            let expression = try SchemaPattern.compile(source, limits: options.limits)
            program.patterns.append(Pattern(expression: expression, source: source, shape: PatternShape(source)))
            patternIndex[source] = Int32(program.patterns.count - 1)
            return Int32(program.patterns.count - 1)
        } catch {
            let message = "the pattern '\(shortened(source))' cannot be used: \(error.message)"
            try complain(.invalidPattern, message, context, keyword: keyword)
            return nil
        }
    }

    // MARK: Counts

    mutating func compileCounts(
        _ object: JSONObject,
        _ context: SchemaContext,
        _ draft: inout NodeDraft
    ) throws(SchemaError) {
        if let limit = try count("minItems", object, context), limit > 0 { draft.array.append(.minItems(limit)) }
        if let limit = try count("maxItems", object, context) { draft.array.append(.maxItems(limit)) }
        if let limit = try count("minProperties", object, context), limit > 0 {
            draft.object.append(.minProperties(limit))
        }
        if let limit = try count("maxProperties", object, context) { draft.object.append(.maxProperties(limit)) }
        switch object["uniqueItems"] {
        case .bool(true): draft.array.append(.uniqueItems)
        case .bool(false), nil: break
        default: try malformed("uniqueItems", "true or false", context)
        }
        if let value = object["dependentRequired"], context.home.dialect >= .draft2019_09 {
            guard case .object(let members) = value else {
                return try malformed("dependentRequired", "an object", context)
            }
            var entries: [(String, [String])] = []
            for (name, list) in members {
                if let names = try names(list, "dependentRequired", context) { entries.append((name, names)) }
            }
            add(DependentNames(keyword: "dependentRequired", entries: entries), &draft)
        }
    }

    mutating func add(_ rule: DependentNames, _ draft: inout NodeDraft) {
        guard !rule.entries.isEmpty else { return }
        program.dependentNames.append(rule)
        draft.object.append(.dependentRequired(Int32(program.dependentNames.count - 1)))
    }

    /// A limit that counts something; `2.0` is 2.
    mutating func count(
        _ keyword: String,
        _ object: JSONObject,
        _ context: SchemaContext
    ) throws(SchemaError) -> Int? {
        guard let value = object[keyword] else { return nil }
        if let number = value.integerValue, number >= 0 { return Int(number) }
        if case .bigNumber = value, let exact = ExactDecimal(value), exact.isInteger, !exact.isNegative { return .max }
        if case .double(let number) = value, number >= 0, NumberComparison.isIntegral(number) { return Int.max }
        try malformed(keyword, "an integer of at least 0", context)
        return nil
    }

    /// A list of property names; nil after a complaint.
    mutating func names(
        _ value: JSONValue,
        _ keyword: String,
        _ context: SchemaContext
    ) throws(SchemaError) -> [String]? {
        guard case .array(let elements) = value else {
            try malformed(keyword, "an array of property names", context)
            return nil
        }
        var names: [String] = []
        var seen: Set<ByteText> = []
        for element in elements {
            guard case .string(let name) = element else {
                try complain(
                    .malformedKeyword,
                    "'\(keyword)' must hold property names, not \(Phrase.kind(element))",
                    context,
                    keyword: keyword
                )
                return nil
            }
            if seen.insert(ByteText(name)).inserted { names.append(name) }
        }
        return names
    }
}
