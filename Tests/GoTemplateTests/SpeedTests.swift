import GoTemplate
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Template speed")
struct SpeedTests {
    /// Prints nanoseconds per render of the shared benchmark cases; run with `MUSTER_BENCH=1` and `-c release`.
    @Test(.enabled(if: getenv("MUSTER_BENCH") != nil)) func benchmarkCases() throws {
        let project = #filePath.split(separator: "/").dropLast(3)
        let path = "/" + (project.dropLast() + ["shared", "vectors", "bench.jsonl"]).joined(separator: "/")
        guard let file = fopen(path, "r") else { return }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let vector = try JSONValue(parsing: String(line))
            let text = vector["template"]?.stringValue ?? ""
            let context = TemplateContext(root: vector["data"]?.objectValue ?? JSONObject())
            let template = try Template(text)
            let clock = ContinuousClock()
            var rounds = 1
            var elapsed = Duration.zero
            while elapsed < .milliseconds(200) {
                rounds *= 4
                elapsed = try clock.measure { for _ in 0..<rounds { _ = try template.render(context) } }
            }
            let parse = try clock.measure { for _ in 0..<200 { _ = try Template(text) } }
            print(
                "bench \(vector["name"]?.stringValue ?? "?"): \(elapsed / rounds) render, \(parse / 200) compile, recorded: \(vector["go"]?.text() ?? vector.objectValue?.keys.joined(separator: ",") ?? "")"
            )
        }
    }
}
