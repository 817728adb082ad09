import Foundation
import GoTemplate
import Testing

/// `docs/template-functions.md` is made from the signatures; `RECORD_GOLDENS=1` writes it anew and fails.
@Suite("Page of the template functions")
struct FunctionPageTests {
    private static let path =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/docs/template-functions.md"

    @Test func thePageSaysWhatTheTableSays() throws {
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
            try Self.page().write(toFile: Self.path, atomically: true, encoding: .utf8)
            Issue.record("recorded docs/template-functions.md")
            return
        }
        #expect(try String(contentsOfFile: Self.path, encoding: .utf8) == Self.page())
    }

    private static func families() -> [(name: String, functions: [TemplateSignature])] {
        var families: [(name: String, functions: [TemplateSignature])] = []
        for signature in Template.signatures {
            if families.last?.name != signature.family { families.append((signature.family, [])) }
            families[families.count - 1].functions.append(signature)
        }
        return families
    }

    private static func heading(_ family: String) -> String { family.prefix(1).uppercased() + family.dropFirst() }

    private static func page() -> String {
        let families = families()
        var lines = [
            "# Template functions", "",
            "<!-- Made by Tests/GoTemplateTests/FunctionPageTests.swift; RECORD_GOLDENS=1 writes it anew. -->", "",
            "The \(Template.signatures.count) functions that a template can call. How templates work:",
            "[templates.md](templates.md).", "",
            "A line such as `trunc(length: integer, text: string) → string` names what a function takes and gives. `…` stands",
            "for any number of further arguments, `type of 1` for the type of the first argument, `element of 1` for that of",
            "its elements. *Changing* functions depend on the clock or on chance: the same call gives something else next",
            "time. All others always give the same for the same arguments.", "",
            "`env`, `expandenv` and `getHostByName` of the original library are refused with",
            "[TP0203](errors/TP0203.md): they would show the server's environment and network.", "",
            "| family | functions |", "|---|---|",
        ]
        for family in families {
            let names = family.functions.map { "`\($0.name)`" }.joined(separator: " ")
            let anchor = family.name.replacingOccurrences(of: " ", with: "-")
            lines.append("| [\(heading(family.name))](#\(anchor)) | \(names) |")
        }
        for family in families {
            lines += ["", "## \(heading(family.name))"]
            for signature in family.functions where signature.alias == nil { lines += entry(signature, in: family) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func entry(
        _ signature: TemplateSignature,
        in family: (name: String, functions: [TemplateSignature])
    ) -> [String] {
        var notes: [String] = []
        if !signature.isDeterministic { notes.append("*Changing.*") }
        if signature.changesArgument { notes.append("Changes its first argument.") }
        let others = family.functions.filter { $0.alias == signature.name }
        let current = others.filter { !$0.isDeprecated }.map { "`\($0.name)`" }
        let old = others.filter(\.isDeprecated).map { "`\($0.name)`" }
        if !current.isEmpty { notes.append("Also called \(current.joined(separator: ", ")).") }
        if !old.isEmpty { notes.append("Old name: \(old.joined(separator: ", ")).") }
        var lines = ["", "### `\(signature.name)`", "", "`\(signature.declaration)`", ""]
        lines.append(([signature.summary] + notes).joined(separator: " "))
        guard !signature.examples.isEmpty else { return lines }
        lines += ["", "```"]
        for example in signature.examples {
            let output = example.output.split(separator: "\n", omittingEmptySubsequences: false)
            lines.append("{{ \(example.action) }}")
            lines += output.map { "  → \($0)" }
        }
        return lines + ["```"]
    }
}
