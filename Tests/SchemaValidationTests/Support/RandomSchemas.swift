import JSON
import TestSupport

/// Makes schemas of the kind that tools use, and values that often satisfy them.
struct RandomSchemas {
    var random: SplitMix64
    static let names = ["a", "b", "c", "kind"]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[number(0...(list.count - 1))] }

    // MARK: Schemas

    mutating func schema(depth: Int = 3) -> JSONValue {
        if chance(3) { return .bool(chance(80)) }
        switch number(0...(depth > 0 ? 12 : 6)) {
        case 0: return ["type": .string(pick(["null", "boolean", "string", "integer", "number", "object", "array"]))]
        case 1: return ["enum": .array((0...number(0...3)).map { _ in scalar() })]
        case 2: return ["const": scalar()]
        case 3, 4: return numeric()
        case 5, 6: return text()
        case 7, 8: return object(depth)
        case 9: return array(depth)
        case 10:
            let keyword = pick(["anyOf", "oneOf", "allOf"])
            return [(keyword, .array((0...number(0...2)).map { _ in schema(depth: depth - 1) }))].schema
        case 11: return ["type": [.string(pick(["string", "integer", "object"])), "null"]]
        default:
            var both = object(depth).objectValue ?? [:]
            both["allOf"] = [object(depth - 1)]
            return .object(both)
        }
    }

    private mutating func numeric() -> JSONValue {
        var schema: JSONObject = ["type": .string(pick(["integer", "number"]))]
        let low = number(-5...5)
        if chance(60) { schema[pick(["minimum", "exclusiveMinimum"])] = limit(low) }
        if chance(60) { schema[pick(["maximum", "exclusiveMaximum"])] = limit(low + number(0...8)) }
        if chance(20) { schema["multipleOf"] = pick([1, 2, 3, 0.5, 1.5]) }
        return .object(schema)
    }

    private mutating func limit(_ value: Int) -> JSONValue {
        chance(80) ? .integer(Int64(value)) : .double(Double(value) + 0.5)
    }

    private mutating func text() -> JSONValue {
        var schema: JSONObject = ["type": "string"]
        if chance(50) { schema["minLength"] = .integer(Int64(number(0...3))) }
        if chance(50) { schema["maxLength"] = .integer(Int64(number(1...5))) }
        if chance(20) { schema["pattern"] = .string(pick(["^a", "b$", "^ab$", "^[a-z]+$", "^[0-9]{2}$"])) }
        return .object(schema)
    }

    private mutating func object(_ depth: Int) -> JSONValue {
        var schema: JSONObject = ["type": "object"]
        var properties: JSONObject = [:]
        for name in Self.names where chance(50) {
            properties[name] =
                name == "kind" && chance(60)
                ? ["enum": .array([pick(["x", "y"]), "z"].shuffled(using: &random))] : self.schema(depth: depth - 1)
        }
        schema["properties"] = .object(properties)
        if chance(60) { schema["required"] = .array(Self.names.filter { _ in chance(40) }.map { .string($0) }) }
        if chance(50) { schema["additionalProperties"] = chance(60) ? false : self.schema(depth: 0) }
        if chance(15) { schema["patternProperties"] = [(pick(["^a", "^x-", "b$"]), self.schema(depth: 0))].schema }
        if chance(15) { schema["minProperties"] = .integer(Int64(number(0...2))) }
        if chance(15) { schema["maxProperties"] = .integer(Int64(number(1...4))) }
        if chance(12) { schema["dependentRequired"] = [(pick(Self.names), [.string(pick(Self.names))])].schema }
        if chance(10) { schema["unevaluatedProperties"] = chance(70) ? false : self.schema(depth: 0) }
        if chance(8) { schema["propertyNames"] = ["maxLength": .integer(Int64(number(1...4)))] }
        return .object(schema)
    }

    private mutating func array(_ depth: Int) -> JSONValue {
        var schema: JSONObject = ["type": "array"]
        if chance(70) { schema["items"] = self.schema(depth: depth - 1) }
        if chance(30) { schema["prefixItems"] = .array((0...number(0...1)).map { _ in self.schema(depth: depth - 1) }) }
        if chance(40) { schema["minItems"] = .integer(Int64(number(0...2))) }
        if chance(40) { schema["maxItems"] = .integer(Int64(number(1...4))) }
        if chance(20) { schema["uniqueItems"] = true }
        if chance(8) { schema["contains"] = self.schema(depth: 0) }
        return .object(schema)
    }

    /// The schema with one more constraint: what it accepts is accepted by the one before.
    mutating func narrowed(_ schema: JSONValue) -> JSONValue {
        guard case .object(var object) = schema else { return schema }
        let extra = self.schema(depth: 1)
        if case .array(let list) = object["allOf"] {
            object["allOf"] = .array(list + [extra])
        } else {
            object["allOf"] = [extra]
        }
        return .object(object)
    }

    // MARK: Values

    mutating func scalar() -> JSONValue {
        switch number(0...7) {
        case 0: return .null
        case 1: return .bool(chance(50))
        case 2, 3: return .integer(Int64(number(-6...12)))
        case 4: return .double(Double(number(-12...24)) / 2)
        default: return .string(pick(["", "a", "b", "ab", "abc", "x", "y", "z", "12", "7", "abcd", "B"]))
        }
    }

    mutating func value(depth: Int = 3) -> JSONValue {
        guard depth > 0, chance(60) else { return scalar() }
        if chance(30) { return .array((0..<number(0...3)).map { _ in value(depth: depth - 1) }) }
        var object: JSONObject = [:]
        for name in Self.names + ["x-n", "ab"] where chance(45) {
            object[name] = name == "kind" && chance(70) ? .string(pick(["x", "y", "z"])) : value(depth: depth - 1)
        }
        return .object(object)
    }

    /// A value that was made along a schema, so that it has a good chance to satisfy it.
    ///
    /// In small functions on purpose: Swift 6.2.3 crashes when it optimises them as one.
    mutating func value(for schema: JSONValue, depth: Int = 4) -> JSONValue {
        guard depth > 0, chance(95), let object = schema.objectValue else { return value(depth: 1) }
        if let value = listedValue(object) { return value }
        if let part = alternative(object) { return value(for: part, depth: depth - 1) }
        return typedValue(object, depth)
    }

    private mutating func listedValue(_ schema: JSONObject) -> JSONValue? {
        if let value = schema["const"] { return value }
        let values = schema["enum"]?.arrayValue ?? []
        return values.isEmpty ? nil : pick(values)
    }

    private mutating func alternative(_ schema: JSONObject) -> JSONValue? {
        let list = schema["anyOf"]?.arrayValue ?? schema["oneOf"]?.arrayValue ?? []
        if !list.isEmpty { return pick(list) }
        return schema["type"] == nil ? schema["allOf"]?.arrayValue?.first : nil
    }

    private mutating func typedValue(_ schema: JSONObject, _ depth: Int) -> JSONValue {
        let names = schema["type"]?.arrayValue ?? [schema["type"] ?? .null]
        switch names.isEmpty ? "" : pick(names).stringValue {
        case "object": return instance(schema, depth)
        case "array": return list(schema, depth)
        case "integer": return .integer(Int64(number(-6...12)))
        case "number": return chance(50) ? .integer(Int64(number(-6...12))) : .double(Double(number(-12...24)) / 2)
        case "string": return .string(pick(["", "a", "b", "ab", "abc", "x", "12", "34", "abcd", "bb"]))
        case "null": return .null
        case "boolean": return .bool(chance(50))
        default: return value(depth: 1)
        }
    }

    private mutating func list(_ schema: JSONObject, _ depth: Int) -> JSONValue {
        let prefix = schema["prefixItems"]?.arrayValue ?? []
        let rest = schema["items"] ?? true
        var elements: [JSONValue] = []
        for index in 0..<(Int(schema["minItems"]?.integerValue ?? 0) + number(0...2)) {
            elements.append(value(for: index < prefix.count ? prefix[index] : rest, depth: depth - 1))
        }
        return .array(elements)
    }

    private mutating func instance(_ schema: JSONObject, _ depth: Int) -> JSONValue {
        var object: JSONObject = [:]
        let required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        for (name, member) in schema["properties"]?.objectValue ?? [:] where required.contains(name) || chance(60) {
            object[name] = value(for: member, depth: depth - 1)
        }
        for name in required where !object.hasKey(name) { object[name] = value(depth: 1) }
        if case .array(let list) = schema["allOf"] {
            for case .object(let other) in list {
                if case .object(let more) = instance(other, depth - 1) {
                    for (name, value) in more { object[name] = value }
                }
            }
        }
        if chance(25) { object[pick(["ab", "x-n", "q"])] = value(depth: 1) }
        return .object(object)
    }
}

extension [(String, JSONValue)] {
    /// A schema object of these members, for keywords that are chosen.
    var schema: JSONValue { .object(JSONObject(self)) }
}
