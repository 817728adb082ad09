import Glibc
import JSON
import SchemaValidation

/// Validates values by schemas that are compiled once, case by case.
struct SchemaBenchmark {
    /// Time per case and repetition.
    var milliseconds: Int
    var repetitions: Int

    /// Writes the cases for others, as `Benchmarks/Rust/schema` reads them: one JSON object per line with `name`, `schema`,
    /// `instance`.
    static func writeCases(to path: String) throws {
        guard let file = fopen(path, "w") else { throw BenchmarkError("\(path) cannot be written") }
        var isWritten = true
        for item in SchemaCase.all {
            let line: JSONValue = ["name": .string(item.name), "schema": item.schema, "instance": item.instance]
            let bytes = line.bytes() + [UInt8(ascii: "\n")]
            isWritten = isWritten && fwrite(bytes, 1, bytes.count, file) == bytes.count
        }
        guard fclose(file) == 0, isWritten else { throw BenchmarkError("\(path) could not be written") }
    }

    func run() throws {
        let cases = try SchemaCase.all.map { item in
            // As values come in practice: out of a parser.
            (item.name, try Schema(item.schema), try JSONValue(parsing: item.instance.bytes()))
        }
        for (name, schema, instance) in cases {
            let errors = schema.validate(instance).errors
            guard errors.isEmpty else { throw BenchmarkError("\(name): \(errors[0])") }
        }
        for _ in 0..<repetitions {
            for (name, schema, instance) in cases {
                Report.line(["case": .string(name), "nanoseconds": .double(nanoseconds(schema, instance))])
            }
        }
    }

    private func nanoseconds(_ schema: Schema, _ instance: JSONValue) -> Double {
        let clock = ContinuousClock()
        let budget = Duration.milliseconds(milliseconds)
        let start = clock.now
        var rounds = 0
        var valid = 0
        var batch = 1
        while clock.now - start < budget {
            for _ in 0..<batch where schema.isValid(instance) { valid += 1 }
            rounds += batch
            batch = min(batch * 2, 256)
        }
        precondition(valid == rounds, "the value stays valid")
        return (clock.now - start).inSeconds * 1e9 / Double(rounds)
    }
}
