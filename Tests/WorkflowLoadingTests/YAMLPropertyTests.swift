import Diagnostics
import JSON
import Testing
import WorkflowLoading

@Suite("YAML properties")
struct YAMLPropertyTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func randomBytesNeverCrash(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        decode(bytes)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func mutatedFilesNeverCrash(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bytes = Array(seedExample.utf8)
        let pieces = [
            "{", "}", "[", "]", ": ", "- ", "&a ", "*a", "\"", "'", "\n", "  ", "|", ">", "!!int ", "<<: ", "null", "é",
        ]
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...2, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            default: bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: place)
            }
        }
        decode(bytes)
    }

    private func decode(_ bytes: [UInt8]) {
        let file = SourceFile(name: "random.yaml", bytes: bytes)
        for kind in DefinitionKind.allCases {
            let (definitions, diagnostics) = DefinitionDecoder.decode(file: file, kind: kind, defaultName: "random")
            #expect(definitions.allSatisfy { $0.isValid || !$0.errors.isEmpty })
            #expect(!definitions.isEmpty || diagnostics.hasErrors)
            _ = diagnostics.rendered()
        }
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func whatIsWrittenReadsBackTheSame(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let value = Self.value(depth: 4, &random)
        let text = value.yamlText()
        let (documents, diagnostics) = YAMLReader.documents(in: SourceFile(name: "w.yaml", text: text))
        #expect(diagnostics.isEmpty, "\(text)")
        #expect(documents.count == 1)
        #expect(documents.first?.json == value, "\(text)")
    }

    private static let words = [
        "", " ", "a", "true", "null", "~", "1", "0x1F", "1e5", "yes", "a: b", "a #b", "#", "- a", "{{ .input.x }}",
        "a\nb", "a\n",
        "a\n\n", "\na", " a\nb", "a\n  b\n", "\ttab", "tab\tin", "é😀", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{7F}",
        "\u{0}", "'", "\"", "\\",
        "a\r\nb", "|", "<<", "=", "---", "...", "--- a", "2026-01-01", "12:30", "1_000", ".inf", "!x", "&a", "*a", "%a",
        "@", "`", "a ", "?", "? x",
        "a:b", "http://x/y", "a\n \nb", "a\n---\nb", "x: |", "n", "a\n\tb", "trailing \nspace", "1.", "-", "-1", "key:",
        String(repeating: "long ", count: 300),
    ]

    private static func value(depth: Int, _ random: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 9 : 6), using: &random) {
        case 0: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 1: return .double(Double.random(in: -1e20...1e20, using: &random))
        case 2:
            return [.null, true, false, .bigNumber("123456789012345678901234567890"), -0.0][
                Int.random(in: 0..<5, using: &random)
            ] ?? .null
        case 3...6: return .string(word(&random))
        case 7: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                object[word(&random)] = value(depth: depth - 1, &random)
            }
            return .object(object)
        }
    }

    private static func word(_ random: inout SplitMix64) -> String {
        let first = words.randomElement(using: &random) ?? ""
        return Int.random(in: 0...3, using: &random) == 0 ? first + (words.randomElement(using: &random) ?? "") : first
    }
}
