import RegularExpressions

/// Any text is a pattern or an error with a place, in both syntaxes; matching ends.
///
/// The input is a pattern, then a NUL byte and the text to search.
enum RegularExpressionTarget {
    static let check: @Sendable ([UInt8]) -> Void = { input in
        let (first, second) = Promise.halves(input)
        let pattern = String(decoding: first, as: UTF8.self)
        let text = String(decoding: second, as: UTF8.self)
        for dialect in [RegularExpression.Dialect.re2, .ecma262] {
            do throws(RegularExpressionError) {
                let expression = try RegularExpression(pattern, dialect: dialect)
                match(expression, text)
            } catch {
                Promise.check((0...pattern.utf8.count).contains(error.offset), "an error within the pattern: \(error)")
            }
        }
    }

    private static func match(_ expression: RegularExpression, _ text: String) {
        let found = try? expression.matches(text)
        guard let found, let matches = try? expression.allMatches(in: text) else { return }
        Promise.check(found == !matches.isEmpty, "a search and a list of matches agree")
    }
}
