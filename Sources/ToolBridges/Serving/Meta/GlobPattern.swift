/// A pattern over a whole name: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before what is meant literally.
struct GlobPattern {
    private enum Part: Hashable {
        case literal(Unicode.Scalar)
        case any
        case many
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    struct Invalid: Error {}

    /// UTF-8 bytes.
    static let sizeLimit = 1024

    private var parts: [Part] = []
    private let ignoresCase: Bool

    init(_ text: String, ignoresCase: Bool) throws(Invalid) {
        self.ignoresCase = ignoresCase
        guard text.utf8.count <= Self.sizeLimit else { throw Invalid() }
        var rest = Array((ignoresCase ? text.lowercased() : text).unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": if parts.last != .many { parts.append(.many) }
            case "?": parts.append(.any)
            case "[": parts.append(try Self.set(&rest))
            case "\\":
                guard let literal = rest.popFirst() else { throw Invalid() }
                parts.append(.literal(literal))
            default: parts.append(.literal(scalar))
            }
        }
    }

    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) throws(Invalid) -> Part {
        let isNegated = rest.first == "^" || rest.first == "!"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let scalar = rest.popFirst() {
            if scalar == "]", !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
            let low = scalar == "\\" ? rest.popFirst() : scalar
            guard let low else { throw Invalid() }
            var high = low
            if rest.first == "-", rest.dropFirst().first != "]" {
                rest.removeFirst()
                guard let end = rest.popFirst(), end >= low else { throw Invalid() }
                high = end
            }
            ranges.append(low...high)
        }
        throw Invalid()
    }

    /// Time grows with the product of both lengths at most.
    func matches(_ name: String) -> Bool {
        let scalars = Array((ignoresCase ? name.lowercased() : name).unicodeScalars)
        var position = 0
        var part = 0
        var retry: (part: Int, position: Int)?
        while position < scalars.count {
            if part < parts.count, parts[part] == .many {
                retry = (part, position)
                part += 1
            } else if part < parts.count, Self.matches(parts[part], scalars[position]) {
                part += 1
                position += 1
            } else if let last = retry {
                retry = (last.part, last.position + 1)
                part = last.part + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .many }
    }

    private static func matches(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
        switch part {
        case .literal(let literal): literal == scalar
        case .any: true
        case .many: false
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
        }
    }
}
