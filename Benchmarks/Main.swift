/// Measures parts of muster from inside. Each sub-command prints one JSON object per repetition; `Scripts/bench` makes
/// medians, ratios and a table of them.
@main
struct Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try await run(arguments)
        } catch {
            Report.complain("muster-bench: \(error)")
            Report.exit(1)
        }
    }

    @concurrent
    private static func run(_ arguments: [String]) async throws {
        switch arguments.first {
        case "steps" where arguments.count == 4:
            let size = try Self.number(arguments[2])
            try await StepBenchmark(folder: arguments[1], executions: size, repetitions: try Self.number(arguments[3]))
                .run()
        case "templates" where arguments.count == 4:
            try TemplateBenchmark(
                path: arguments[1],
                milliseconds: try Self.number(arguments[2]),
                repetitions: try Self.number(arguments[3])
            ).run()
        case "json" where arguments.count == 3:
            try JSONBenchmark(
                milliseconds: try Self.number(arguments[1]),
                repetitions: try Self.number(arguments[2])
            ).run()
        case "json-documents" where arguments.count == 2: try JSONBenchmark.writeDocuments(into: arguments[1])
        case "schema-cases" where arguments.count == 2: try SchemaBenchmark.writeCases(to: arguments[1])
        case "schema" where arguments.count == 3:
            try SchemaBenchmark(
                milliseconds: try Self.number(arguments[1]),
                repetitions: try Self.number(arguments[2])
            ).run()
        default:
            Report.complain(
                """
                usage: muster-bench steps FOLDER EXECUTIONS REPETITIONS
                       muster-bench templates CASES.jsonl MILLISECONDS REPETITIONS
                       muster-bench json|schema MILLISECONDS REPETITIONS
                       muster-bench json-documents FOLDER
                       muster-bench schema-cases FILE
                """
            )
            Report.exit(64)
        }
    }

    private static func number(_ text: String) throws(BenchmarkError) -> Int {
        guard let number = Int(text), number > 0 else { throw BenchmarkError("'\(text)' is no positive number") }
        return number
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
