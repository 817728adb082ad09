import Foundation
import GoTemplate
import Testing

/// What the most usual mistakes are answered with: `Fixtures/mistakes.txt`; `RECORD_GOLDENS=1` writes it anew and fails.
@Suite("Messages for usual mistakes")
struct MistakeTests {
    private static let path =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/mistakes.txt"
    private static let data = """
        {"input":{"cluster":"prod","replicas":3,"list":[1,2],"none":null},"results":{"fetch":{"items":[{"name":"a"}]}}}
        """
    private static let templates = [
        "{{ .input.clustr }}", "{{ .inputs.cluster }}", "{{ input.clustr }}", "{{ clustr }}",
        "{{ .results.fech.items }}",
        "{{ (index .results.fetch.items 0).nme }}", "{{ .results.fetch.items.name }}",
        "{{ .results.fetch.items[4].name }}",
        "{{ index .results.fetch.items 4 }}", "{{ index .results.fetch.items \"name\" }}", "{{ index .input.list -1 }}",
        "{{ .input.cluster.name }}", "{{ .input.none.name }}", "{{ .input.cluster", "{{ .input.cluster }", "{{ }}",
        "{{ if .input.cluster }}yes", "{{ end }}", "{{ else }}", "{{ if }}{{ end }}", "{{ range }}{{ end }}",
        "{{ upperr .input.cluster }}", "{{ .input.cluster | uper }}", "{{ upper }}", "{{ upper .input.cluster \"x\" }}",
        "{{ upper .input.replicas }}", "{{ trunc .input.cluster 3 }}", "{{ add .input.replicas + 1 }}",
        "{{ .input.replicas > 2 }}", "{{ .input.replicas == 3 }}", "{{ if .input.replicas && true }}{{ end }}",
        "{{ eq .input.cluster 3 }}", "{{ lt .input.list 3 }}", "{{ \"open }}", "{{ 'ab' }}", "{{ \"\\q\" }}",
        "{{ 12abc }}",
        "{{ $x }}", "{{ $x = 1 }}", "{{ range .input.cluster }}{{ end }}", "{{ break }}", "{{ template \"nope\" }}",
        "{{ define \"a\" }}x{{ end }}{{ define \"a\" }}y{{ end }}", "{{ /* open }}", "{{ /* c */ }}", "{{ nil }}",
        "{{ 1 | 2 }}", "{{ .input.cluster \"x\" }}", "{{ (.input.cluster }}", "{{ .input.cluster) }}",
        "{{ env \"HOME\" }}",
        "{{ fail \"the cluster is gone\" }}", "{{ mustFromJson \"{\" }}", "{{ mustRegexFind \"(\" \"x\" }}",
        "{{ semver \"one\" }}", "{{ div 1 0 }}", "{{ dict 1 | first }}", "{{ repeat -1 \"x\" }}",
    ]

    @Test func everyMistakeIsAnsweredAsWritten() throws {
        let text = Self.templates.map { "\($0)\n    \(Self.answer($0))\n" }.joined()
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
            try text.write(toFile: Self.path, atomically: true, encoding: .utf8)
            Issue.record("recorded Fixtures/mistakes.txt")
            return
        }
        #expect(try String(contentsOfFile: Self.path, encoding: .utf8) == text)
    }

    private static func answer(_ template: String) -> String {
        do {
            return "no error: " + (try render(template, data))
        } catch let error as TemplateError {
            return "\(error.code.rawValue) \(error.description)"
        } catch {
            return "\(error)"
        }
    }
}
