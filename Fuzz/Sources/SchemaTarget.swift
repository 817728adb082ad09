import JSON
import SchemaValidation

/// Any JSON is a schema or an error; validating ends; the two ways to validate, and the relation, agree.
///
/// The input is a schema, then a NUL byte and a value, both JSON; further NUL bytes separate a second schema to compare with.
enum SchemaTarget {
    private static let options: SchemaOptions = {
        var options = SchemaOptions()
        options.limits.steps = 200_000
        options.limits.values = 20_000
        options.formats = .assertion
        return options
    }()
    private static let relationLimits: RelationLimits = {
        var limits = RelationLimits()
        limits.comparisons = 500
        limits.candidates = 1_000
        return limits
    }()

    static let check: @Sendable ([UInt8]) -> Void = { input in
        let parts = input.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard let json = try? JSONValue(parsing: parts[0], limits: JSONLimits(depth: 256, size: 100_000)),
            let schema = try? Schema(json, options: options)
        else { return }
        let values = parts.count > 1 ? [try? JSONValue(parsing: parts[1])].compactMap(\.self) : []
        for value in values + samples {
            let isValid = schema.isValid(value)
            let result = schema.validate(value)
            Promise.check(isValid == result.isValid, "both ways to validate agree about \(value.text())")
            for error in result.errors {
                Promise.check(!error.message.isEmpty, "an error says something")
                Promise.check((try? JSONPointer(error.instanceLocation)) != nil, "an error says where: \(error)")
            }
        }
        guard parts.count > 2, let otherJSON = try? JSONValue(parsing: parts[2], limits: JSONLimits(depth: 256, size: 100_000)),
            let other = try? Schema(otherJSON, options: options)
        else { return related(schema, schema, values) }
        related(schema, other, values)
    }

    private static let samples: [JSONValue] = [
        .null, true, 0, -1, 1.5, "", "a", "2024-01-01", [], [1, "a"], ["a": 1], ["name": "x", "items": [1, 2, 3]],
    ]

    /// A "yes" has no counterexample among the values at hand; a "no" shows one that is one.
    private static func related(_ one: Schema, _ other: Schema, _ values: [JSONValue]) {
        switch one.relation(to: other, limits: relationLimits) {
        case .yes:
            for value in values + samples where one.isValid(value) {
                Promise.check(other.isValid(value), "a relation that holds has no counterexample \(value.text())")
            }
        case .no(let counterexample):
            Promise.check(
                one.isValid(counterexample.value) && !other.isValid(counterexample.value),
                "a counterexample is one: \(counterexample.value.text())"
            )
        case .unknown: break
        }
    }
}
