import RegularExpressions
import Testing

@Suite("Regular expressions")
struct ExpressionTests {
    @Test func offsetsAreUTF8Bytes() throws {
        let expression = try RegularExpression("(?P<first>b+)(c)?")
        #expect(expression.groupNames == [nil, "first", nil])
        let match = try expression.firstMatch(in: "äbbd")
        #expect(match?.range == 2..<4)
        #expect(match?.ranges == [2..<4, 2..<4, nil])
        #expect(try expression.matchedTexts(in: "bb, bc, x", limit: 2) == ["bb", "bc"])
    }

    @Test func bytesAreSearchedAsTheyAre() throws {
        let expression = try RegularExpression("^\\p{L}+$")
        let text = Array("größe".utf8)
        #expect(try text.withUnsafeBufferPointer { try expression.matches(utf8: $0) })
        // Bytes that are no UTF-8 give some answer, and nothing is read outside.
        for broken: [UInt8] in [[0xC3], [0xE2, 0x82], [0xF0, 0x9F], [0x80, 0xFF], [0xF4, 0x90, 0x80, 0x80]] {
            _ = try broken.withUnsafeBufferPointer { try expression.matches(utf8: $0) }
            _ = try broken.withUnsafeBufferPointer { try RegularExpression("é|.$").matches(utf8: $0) }
        }
    }

    struct Fault: CustomTestStringConvertible {
        var pattern: String
        var dialect = RegularExpression.Dialect.re2
        var offset: Int
        var part: String
        var testDescription: String { pattern }
    }

    @Test(arguments: [
        Fault(pattern: "é[z-a]", offset: 3, part: "z-a"),
        Fault(pattern: "ab(c", offset: 0, part: "ab(c"),
        Fault(pattern: "日**", offset: 3, part: "**"),
        Fault(pattern: "a\\q", offset: 1, part: "\\q"),
        Fault(pattern: "a(?<n", dialect: .ecma262, offset: 1, part: "(?<n"),
        Fault(pattern: "é)", dialect: .ecma262, offset: 2, part: ")"),
    ])
    func faultsSayWhereTheyAre(_ fault: Fault) {
        let error = #expect(throws: RegularExpressionError.self) {
            try RegularExpression(fault.pattern, dialect: fault.dialect)
        }
        #expect(error?.offset == fault.offset)
        #expect(error?.part == fault.part)
    }

    @Test func manyTasksUseOneExpression() async throws {
        let expression = try RegularExpression("(\\w+)@(\\w+)\\.com|x{2,}")
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<16 {
                group.addTask {
                    var count = 0
                    for round in 0..<200 {
                        let text = "to user\(task)\(round)@host.com or " + String(repeating: "x", count: round % 4)
                        if try expression.matches(text) { count += 1 }
                        count += try expression.allMatches(in: text).count
                    }
                    return count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 500, count: 16))
    }
}
