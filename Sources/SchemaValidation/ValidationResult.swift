public import JSON

/// What a validation found.
public struct ValidationResult: Sendable {
    /// In a fixed order; empty when the value is valid.
    public var errors: [ValidationError]
    /// Whether more errors were found than reported.
    public var isTruncated = false

    public var isValid: Bool { errors.isEmpty }

    /// Whether a limit kept the validation from finding out: the value is neither known to be valid nor to be invalid.
    public var isUndecided: Bool {
        !errors.isEmpty && errors.allSatisfy { $0.keyword == ValidationError.undecided }
    }

    /// The forms of output that the specification names. Source: JSON Schema 2020-12 core, section 12.4.
    public enum OutputFormat: Hashable, Sendable {
        /// Only whether the value is valid.
        case flag
        /// A flat list of errors.
        case basic
    }

    /// The result as a JSON document.
    public func output(_ format: OutputFormat) -> JSONValue {
        var output: JSONObject = ["valid": .bool(isValid)]
        guard format == .basic, !isValid else { return .object(output) }
        output["errors"] = .array(errors.flatMap(\.outputUnits))
        return .object(output)
    }
}

/// One reason why a value does not satisfy a schema.
public struct ValidationError: Hashable, Sendable, CustomStringConvertible {
    /// The rule of errors that say that something was not found out.
    public static let undecided = "undecided"

    /// JSON pointer to the part of the value.
    public var instanceLocation: String
    /// JSON pointer along the way that evaluation took, through references.
    public var keywordLocation: String
    /// URI of the keyword: its resource, with a JSON pointer as fragment.
    public var absoluteKeywordLocation: String
    /// The rule: `maximum`, `required`, …; empty for a schema that is just `false`; ``undecided`` when a limit was met.
    public var keyword: String
    /// A sentence that names the part of the value and what is expected. Values are shortened in it, and hidden where
    /// they are sensitive.
    public var message: String
    /// For `anyOf` and `oneOf`: the errors of the alternative that came closest.
    public var causes: [ValidationError] = []

    public var description: String { message }

    fileprivate var outputUnits: [JSONValue] {
        let unit: JSONValue = [
            "keywordLocation": .string(keywordLocation),
            "absoluteKeywordLocation": .string(absoluteKeywordLocation),
            "instanceLocation": .string(instanceLocation),
            "error": .string(message),
        ]
        return [unit] + causes.flatMap(\.outputUnits)
    }
}

/// How a validation reports.
public struct ValidationOptions: Sendable {
    /// How many errors are reported at most.
    public var maximumErrors: Int
    /// Whether values at a place, and within it, are kept out of messages. Asked for every subschema that may be applied
    /// to the place. Names of members are shown.
    public var isSensitive: @Sendable (_ instanceLocation: String, _ schema: JSONObject) -> Bool

    /// - Parameter isSensitive: by default, what the schema marks with `"writeOnly": true` or `"format": "password"`.
    public init(
        maximumErrors: Int = 50,
        isSensitive: @escaping @Sendable (_ instanceLocation: String, _ schema: JSONObject) -> Bool = { _, schema in
            schema["writeOnly"] == .bool(true) || schema["format"] == .string("password")
        }
    ) {
        self.maximumErrors = maximumErrors
        self.isSensitive = isSensitive
    }
}

extension Schema {
    /// Validates a value and says everything that is wrong with it.
    public func validate(_ value: JSONValue, options: ValidationOptions = ValidationOptions()) -> ValidationResult {
        program.run { run in
            if run.accepts(0, HeldValue(value), nil), !run.isExhausted { return ValidationResult(errors: []) }
            switch run.interruption {
            case .steps: return ValidationResult(errors: [stepsError], isTruncated: true)
            case .depth: return ValidationResult(errors: [depthError], isTruncated: true)
            case .pattern, .divisor, nil: break
            }
            run.resume()
            var explainer = Explainer(run: run, options: options)
            return explainer.explain(value)
        }
    }

    private var stepsError: ValidationError {
        limitError("it takes more than \(program.tables.limits.steps) steps")
    }

    private var depthError: ValidationError {
        limitError("subschemas are applied within each other more than \(program.tables.limits.evaluationDepth) times")
    }

    private func limitError(_ reason: String) -> ValidationError {
        ValidationError(
            instanceLocation: "",
            keywordLocation: "",
            absoluteKeywordLocation: "",
            keyword: ValidationError.undecided,
            message: "it could not be decided whether the value is valid: \(reason)"
        )
    }
}
