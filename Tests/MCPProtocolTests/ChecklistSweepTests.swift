import Foundation
import Testing

/// Holds the checklists of docs/mcp.md and docs/mcp-client.md: for every item there is a test that names it, or a reason.
@Suite("Checklist: nothing is left out")
struct ChecklistSweepTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    private static func read(_ name: String) -> String? {
        try? String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
    }

    /// The sources of all tests but this one; nil, with a message, where only the built tests are.
    private static let tests: String? = {
        guard let names = FileManager.default.enumerator(atPath: "\(root)/Tests")?.compactMap({ $0 as? String }) else {
            print("ChecklistSweepTests: no sources, tests skipped")
            return nil
        }
        return names.filter { $0.hasSuffix(".swift") && !$0.hasSuffix("/ChecklistSweepTests.swift") }
            .compactMap { read("Tests/\($0)") }.joined(separator: "\n")
    }()

    private static var areSourcesThere: Bool { tests != nil && read("docs/mcp.md") != nil }

    /// The items that a text names; `A-01 to A-03` and `A-01 … A-03` stand for all between.
    static func items(_ letter: Character, in text: some StringProtocol) -> [Int] {
        var items: [Int] = []
        let parts = text.split(separator: "\(letter)-").dropFirst(text.hasPrefix("\(letter)-") ? 0 : 1)
        var isRange = false
        for part in parts {
            let digits = part.prefix { $0.isNumber }
            guard let number = Int(digits), digits.count == 2 else { continue }
            if isRange, let last = items.last, last < number { items += (last + 1)..<number }
            items.append(number)
            let rest = part.dropFirst(2)
            isRange = rest == " to " || rest == " … "
        }
        return items
    }

    /// A test that names a range, such as one that runs all scenarios of a suite, shows no item by itself.
    private func namedByTests(_ letter: Character) throws -> Set<Int> {
        let lines = try #require(Self.tests).split(separator: "\n").filter { line in
            (line.contains("\"\(letter)-") || line.contains(" \(letter)-")) && !line.contains(" to \(letter)-")
        }
        return Set(lines.flatMap { Self.items(letter, in: $0) })
    }

    @Test func rangesAreUnderstood() {
        #expect(Self.items("Z", in: "Z-01 to Z-03, Z-05; Z-07 … Z-09") == [1, 2, 3, 5, 7, 8, 9])
        #expect(Self.items("Z", in: "**Z-11** a word (Z-2)") == [11])
        #expect(Self.items("Z", in: "none") == [])
    }

    @Test(.enabled(if: areSourcesThere)) func everyItemOfAServerHasATestOrAReason() throws {
        let text = try #require(Self.read("docs/mcp.md"))
        let list = try #require(text.components(separatedBy: "Items without a test of their own:").dropFirst().first)
        let reasons =
            list.components(separatedBy: "\n\n").dropFirst().first?.components(separatedBy: "- **").dropFirst() ?? []
        let excused = reasons.flatMap { Self.items("S", in: $0.components(separatedBy: "**")[0]) }
        let named = try namedByTests("S")
        #expect((1...98).filter { !named.contains($0) && !excused.contains($0) } == [])
    }

    /// The table has pairs of cells: items, and `yes` or the reason. What stands in backquotes there is a test or a suite.
    @Test(.enabled(if: areSourcesThere)) func everyItemOfAClientHasATestOrAReason() throws {
        let text = try #require(Self.read("docs/mcp-client.md"))
        let named = try namedByTests("C")
        let tests = try #require(Self.tests)
        var seen: Set<Int> = []
        for line in text.split(separator: "\n") where line.hasPrefix("| C-") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            for (item, reason) in zip(cells.dropFirst(), cells.dropFirst(2)) where item.hasPrefix("C-") {
                let items = Self.items("C", in: item)
                seen.formUnion(items)
                #expect(!reason.isEmpty, "\(item)")
                for quoted in reason.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                where quoted.offset % 2 == 1 && quoted.element.contains(where: \.isUppercase) {
                    #expect(
                        tests.contains(quoted.element) || quoted.element.hasPrefix("ttl"),
                        "\(item): \(quoted.element)"
                    )
                }
                guard reason.hasPrefix("yes") else { continue }
                #expect(items.filter { !named.contains($0) } == [], "no test names it")
            }
        }
        #expect((1...80).filter { !seen.contains($0) } == [])
    }
}
