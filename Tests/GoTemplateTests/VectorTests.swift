import GoTemplate
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Expected results made with Go's `text/template` and sprig; the folder `shared/vectors` may be absent.
@Suite("Template vectors")
struct VectorTests {
    /// Vectors that are not met on purpose.
    ///
    /// `gen-10-108` shows the name of a type of the program that made the vectors ("main.…") for `%T` of a list.
    static let exceptions: Set<String> = ["gen-10-108"]

    @Test func everyVectorGivesWhatItSays() throws {
        guard let text = readVectors() else {
            print("skipped: ../shared/vectors/templates.jsonl is not there")
            return
        }
        var failures: [String: [String]] = [:]
        var counts: [String: (passed: Int, total: Int)] = [:]
        for line in text.split(separator: "\n") {
            let vector = try JSONValue(parsing: String(line))
            let category = vector["category"]?.stringValue ?? "?"
            let template = vector["template"]?.stringValue ?? ""
            if Self.exceptions.contains(vector["id"]?.stringValue ?? "") { continue }
            counts[category, default: (0, 0)].total += 1
            if let complaint = check(vector, template) {
                failures[category, default: []].append("\(vector["id"]?.stringValue ?? "?"): \(complaint)")
            } else {
                counts[category, default: (0, 0)].passed += 1
            }
        }
        for (category, list) in failures.sorted(by: { $0.key < $1.key }) {
            let count = counts[category] ?? (0, 0)
            print("## \(category): \(count.passed) of \(count.total)")
            for failure in list { print("   \(failure)") }
        }
        let passed = counts.values.reduce(0) { $0 + $1.passed }
        let total = counts.values.reduce(0) { $0 + $1.total }
        print("vectors: \(passed) of \(total) passed")
        let failing = total - passed
        #expect(failing == 0)
    }

    /// Nil when the vector is met, else what went wrong.
    private func check(_ vector: JSONValue, _ text: String) -> String? {
        let data = vector["data"] ?? .null
        var context = TemplateContext(root: data.objectValue ?? JSONObject())
        context.rootValue = data
        let wantsError = vector["wantError"] != nil
        do throws(TemplateError) {
            let template = try Template(text)
            let isTyped = vector["typed"]?.boolValue == true
            let result: JSONValue = isTyped ? try template.evaluate(context) : .string(try template.render(context))
            if wantsError { return "no error but \(show(result)) for \(text)" }
            let wanted = vector["wantValue"] ?? vector["want"] ?? .null
            if isTyped, (vector["wantValue"] != nil) != template.isSingleAction { return "isSingleAction is wrong" }
            return result.isEquivalent(to: wanted) ? nil : "got \(show(result)), want \(show(wanted)) for \(text)"
        } catch {
            guard wantsError else { return "error \(error) for \(text)" }
            if let key = vector["mentions"]?.stringValue, !error.message.contains("no entry for key \"\(key)\"") {
                return "error does not mention \(key): \(error)"
            }
            return nil
        }
    }

    private func show(_ value: JSONValue) -> String { String(value.text().prefix(600)) }

    private func readVectors() -> String? {
        let project = #filePath.split(separator: "/").dropLast(3)
        let path = "/" + (project.dropLast() + ["shared", "vectors", "templates.jsonl"]).joined(separator: "/")
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
