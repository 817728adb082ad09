import JSON

/// Ranges that no alternative accepts as a whole, but several do in parts.
extension Prover {
    /// More cuts are not made.
    private static let mostCuts = 16

    /// Whether a piece, cut where the alternatives begin and end, fits part by part.
    mutating func compareParts(_ piece: Shape, _ one: Term, _ other: Term, _ targets: [Shape]) -> Bool {
        let parts: [Shape]
        switch piece.types {
        case .integer, .fraction: parts = numberParts(piece, targets)
        case .string: parts = lengthParts(piece, targets, \.text.minimum, \.text.maximum)
        case .array: parts = lengthParts(piece, targets, \.array.minimum, \.array.maximum)
        case .object: parts = lengthParts(piece, targets, \.object.minimum, \.object.maximum)
        default: return false
        }
        guard parts.count > 1 else { return false }
        for part in parts {
            let fitsSome = targets.contains { target in
                let before = assumed
                if case .holds = fits(part, target, one, other) { return true }
                assumed = before
                return false
            }
            guard fitsSome else { return false }
        }
        return true
    }

    private func numberParts(_ piece: Shape, _ targets: [Shape]) -> [Shape] {
        var parts = [piece]
        for number in targets.map(\.number) {
            let cuts = [
                // Below a lower limit, and above an upper one.
                number.lower.map { (Limit(value: $0.value, isExclusive: !$0.isExclusive), $0) },
                number.upper.map { ($0, Limit(value: $0.value, isExclusive: !$0.isExclusive)) },
            ]
            for case let (upper, lower)? in cuts where parts.count < Self.mostCuts {
                parts = parts.flatMap { part -> [Shape] in
                    var (below, above) = (part, part)
                    below.number.reduceUpper(upper)
                    above.number.raiseLower(lower)
                    return [below, above].filter { !($0.types == .integer ? $0.number.integral : $0.number).isEmpty }
                }
            }
        }
        return parts
    }

    private func lengthParts(
        _ piece: Shape,
        _ targets: [Shape],
        _ minimum: WritableKeyPath<Shape, Int>,
        _ maximum: WritableKeyPath<Shape, Int>
    ) -> [Shape] {
        var starts: Set<Int> = []
        for target in targets {
            starts.insert(target[keyPath: minimum])
            if target[keyPath: maximum] < .max { starts.insert(target[keyPath: maximum] + 1) }
        }
        let inside = starts.filter { $0 > piece[keyPath: minimum] && $0 <= piece[keyPath: maximum] }
        var parts: [Shape] = []
        var rest = piece
        for start in inside.sorted().prefix(Self.mostCuts) {
            var part = rest
            part[keyPath: maximum] = start - 1
            parts.append(part)
            rest[keyPath: minimum] = start
        }
        return parts + [rest]
    }
}
