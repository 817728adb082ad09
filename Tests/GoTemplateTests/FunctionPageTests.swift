import Foundation
import GoTemplate
import Testing

/// `docs/template-functions.md` is made from the table of functions; `RECORD_GOLDENS=1` writes it anew and fails.
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

    private static func page() -> String {
        var families: [(name: String, rows: [String])] = []
        for function in Template.functions {
            if families.last?.name != function.family { families.append((function.family, [])) }
            let summary = function.summary.replacingOccurrences(of: "|", with: "\\|")
            families[families.count - 1].rows.append("| `\(function.name)` | \(summary) |")
        }
        let available = families.filter { $0.name != "not available" }
        let count = available.map(\.rows.count).reduce(0, +)
        var lines = [
            "# Template functions", "",
            "<!-- Made by Tests/GoTemplateTests/FunctionPageTests.swift; RECORD_GOLDENS=1 writes it anew. -->", "",
            "The \(count) functions that a template can call, by family. How templates work: [templates.md](templates.md).",
        ]
        for family in available {
            lines += ["", "## \(family.name.prefix(1).uppercased() + family.name.dropFirst())", ""]
            lines += ["| function | what it does |", "|---|---|"] + family.rows
        }
        let missing = families.filter { $0.name == "not available" }.flatMap(\.rows)
        lines += [
            "", "## Not available", "",
            "Known names that fail with [TP0203](errors/TP0203.md): keys, certificates and slow password hashes belong into",
            "tools. `env`, `expandenv` and `getHostByName` are left out because they would show the server's environment and",
            "network.", "",
            missing.map { String($0.split(separator: " ")[1]) }.joined(separator: ", ") + ".",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
