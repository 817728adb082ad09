/// A regular expression as a tree.
indirect enum RegexNode: Sendable {
    case empty
    case literal(UInt32, foldsCase: Bool)
    case set(ScalarSet, foldsCase: Bool)
    case anyCharacter
    case anyButNewline
    case assertion(RegexAssertion)
    case group(RegexNode, capture: Int?)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    case repetition(RegexNode, low: Int, high: Int?, isLazy: Bool)
}

enum RegexAssertion: Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// A set of characters: ranges and classes, possibly all others.
struct ScalarSet: Sendable {
    enum Item: Sendable {
        case range(UInt32, UInt32)
        case category(RegexCategory, isNegated: Bool)
        case set(ScalarSet)
    }

    var items: [Item] = []
    var isNegated = false

    func contains(_ value: UInt32) -> Bool {
        for item in items {
            switch item {
            case .range(let low, let high): if low <= value, value <= high { return !isNegated }
            case .category(let category, let negated):
                if category.contains(value) != negated { return !isNegated }
            case .set(let set): if set.contains(value) { return !isNegated }
            }
        }
        return isNegated
    }

    /// Whether the set has the character in any of its cases.
    func containsFolded(_ value: UInt32) -> Bool {
        if isNegated {
            var positive = self
            positive.isNegated = false
            return !positive.containsFolded(value)
        }
        return CaseFolding.variants(value).contains(where: contains)
    }

    static func ranges(_ ranges: [(UInt32, UInt32)], isNegated: Bool = false) -> ScalarSet {
        ScalarSet(items: ranges.map { .range($0.0, $0.1) }, isNegated: isNegated)
    }
}

enum CaseFolding {
    static func variants(_ value: UInt32) -> [UInt32] {
        guard let scalar = Unicode.Scalar(value) else { return [value] }
        let lower = simple(scalar.properties.lowercaseMapping) ?? scalar
        let upper = simple(scalar.properties.uppercaseMapping) ?? scalar
        return [value, lower.value, upper.value, (simple(upper.properties.lowercaseMapping) ?? upper).value]
    }

    private static func simple(_ mapped: String) -> Unicode.Scalar? {
        mapped.unicodeScalars.count == 1 ? mapped.unicodeScalars.first : nil
    }

    static func areEqual(_ left: UInt32, _ right: UInt32) -> Bool {
        if left == right { return true }
        let variants = variants(right)
        return self.variants(left).contains { variants.contains($0) }
    }
}

/// A Unicode general category, a group of them or a script.
enum RegexCategory: Sendable {
    case general(String)
    case script([(UInt32, UInt32)])

    init?(_ name: String) {
        if let ranges = Self.scripts[name] {
            self = .script(ranges)
        } else if name == "Any" || Self.categories.contains(name) {
            self = .general(name)
        } else {
            return nil
        }
    }

    private static let categories: Set<String> = [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cs",
    ]

    /// The main blocks of the scripts that are met most.
    private static let scripts: [String: [(UInt32, UInt32)]] = [
        "Latin": [
            (0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2B8),
            (0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA722, 0xA787), (0xFB00, 0xFB06), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A),
        ],
        "Greek": [
            (0x370, 0x373), (0x375, 0x377), (0x37A, 0x37D), (0x37F, 0x37F), (0x384, 0x384), (0x386, 0x386),
            (0x388, 0x3E1), (0x3F0, 0x3FF), (0x1F00, 0x1FFE),
        ],
        "Cyrillic": [(0x400, 0x484), (0x487, 0x52F), (0x1C80, 0x1C88), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)],
        "Han": [
            (0x2E80, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
            (0xF900, 0xFAD9), (0x20000, 0x323AF),
        ],
        "Hiragana": [(0x3041, 0x3096), (0x309D, 0x309F)],
        "Katakana": [(0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)],
        "Hebrew": [(0x591, 0x5F4), (0xFB1D, 0xFB4F)],
        "Arabic": [(0x600, 0x604), (0x606, 0x6FF), (0x750, 0x77F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)],
        "Hangul": [(0x1100, 0x11FF), (0x3131, 0x318E), (0xAC00, 0xD7A3)],
        "Thai": [(0xE01, 0xE3A), (0xE40, 0xE5B)],
        "Devanagari": [(0x900, 0x950), (0x955, 0x963), (0x966, 0x97F)],
    ]

    func contains(_ value: UInt32) -> Bool {
        switch self {
        case .script(let ranges): return ranges.contains { $0.0 <= value && value <= $0.1 }
        case .general(let name):
            if name == "Any" { return true }
            guard let scalar = Unicode.Scalar(value) else { return false }
            return Self.short(scalar.properties.generalCategory).hasPrefix(name)
        }
    }

    private static func short(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .privateUse: "Co"
        case .surrogate: "Cs"
        default: "Cn"
        }
    }
}
