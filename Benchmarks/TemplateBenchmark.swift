import Glibc
import GoTemplate
import JSON

/// Renders templates that are parsed once, case by case.
struct TemplateBenchmark {
    /// One JSON object per line: `name`, `template`, `data`, `output_bytes`.
    var path: String
    /// Time per case and repetition.
    var milliseconds: Int
    var repetitions: Int

    private struct Case {
        var name: String
        var template: Template
        var context: TemplateContext
    }

    func run() throws {
        let cases = try load()
        for _ in 0..<repetitions {
            for item in cases {
                Report.line(["case": .string(item.name), "nanoseconds": .double(try nanoseconds(item))])
            }
        }
    }

    private func nanoseconds(_ item: Case) throws -> Double {
        let clock = ContinuousClock()
        let budget = Duration.milliseconds(milliseconds)
        let start = clock.now
        var rounds = 0
        var batch = 1
        while clock.now - start < budget {
            for _ in 0..<batch { _ = try item.template.render(item.context) }
            rounds += batch
            batch = min(batch * 2, 256)
        }
        return (clock.now - start).inSeconds * 1e9 / Double(rounds)
    }

    private func load() throws -> [Case] {
        try readFile().split(separator: UInt8(ascii: "\n")).compactMap { line in
            let json = try JSONValue(parsing: Array(line))
            guard let name = json["name"]?.stringValue, let text = json["template"]?.stringValue else {
                throw BenchmarkError("a case has no name or no template")
            }
            var context = TemplateContext(root: json["data"]?.objectValue ?? JSONObject())
            context.rootValue = json["data"]
            let template: Template
            let size: Int
            do throws(TemplateError) {
                template = try Template(text)
                size = try template.render(context).utf8.count
            } catch {
                Report.line(["case": .string(name), "error": .string(error.message)])
                return nil
            }
            if let wanted = json["output_bytes"]?.integerValue, wanted != Int64(size) {
                Report.line(["case": .string(name), "note": "\(size) bytes of output, the case says \(wanted)"])
            }
            return Case(name: name, template: template, context: context)
        }
    }

    private func readFile() throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw BenchmarkError("\(path) cannot be read") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }
}
