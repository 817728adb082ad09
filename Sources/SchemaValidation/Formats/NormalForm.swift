/// Normalisation form C, as far as labels need it. Source: Unicode Standard Annex 15.
enum NormalForm {
    /// Whether composing would leave the text as it is. Old Hangul letters are not looked at: labels cannot hold them.
    static func isComposed(_ scalars: [Unicode.Scalar]) -> Bool {
        var starter: Unicode.Scalar?
        var previous = Unicode.CanonicalCombiningClass.notReordered
        for scalar in scalars {
            let order = scalar.properties.canonicalCombiningClass
            guard order == .notReordered || previous <= order else { return false }
            let isNext = previous == .notReordered || previous < order
            if let starter, isNext, mayCompose(scalar), composites.contains(text(starter, scalar)) { return false }
            if order == .notReordered { starter = scalar }
            previous = order
        }
        return true
    }

    private static func mayCompose(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }

    private static func text(_ scalars: Unicode.Scalar...) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Every composed letter as a text. Swift takes canonically equivalent texts as equal, so a pair of scalars is found
    /// here exactly when a single scalar stands for it.
    private static let composites: Set<String> = {
        var found: Set<String> = []
        for range in [0xC0...0x1FFF, 0x3040...0x30FF, 0x11000...0x119FF] as [ClosedRange<UInt32>] {
            for value in range {
                guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic else { continue }
                // Those that are excluded from composition change when folded, and so do capitals, which labels cannot hold.
                guard !scalar.properties.changesWhenNFKCCaseFolded else { continue }
                found.insert(text(scalar))
            }
        }
        return found
    }()
}
