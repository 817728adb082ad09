/// The classes of ASCII characters that have letters and names.
enum PerlClasses {
    static let digit = ScalarSet(0x30, 0x39)
    static let word = ScalarSet([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
    /// Without the vertical tab.
    static let space = ScalarSet([(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)])

    /// What `\d`, `\s`, `\w` and their capitals are about, before negation.
    static func set(_ letter: Unicode.Scalar) -> ScalarSet? {
        switch letter {
        case "d", "D": digit
        case "s", "S": space
        case "w", "W": word
        default: nil
        }
    }

    /// The members of `[:name:]`.
    static func named(_ name: String) -> ScalarSet? { classes[name] }

    private static let classes: [String: ScalarSet] = [
        "alnum": ScalarSet([(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)]),
        "alpha": ScalarSet([(0x41, 0x5A), (0x61, 0x7A)]),
        "ascii": ScalarSet(0, 0x7F),
        "blank": ScalarSet([(0x09, 0x09), (0x20, 0x20)]),
        "cntrl": ScalarSet([(0, 0x1F), (0x7F, 0x7F)]),
        "digit": digit,
        "graph": ScalarSet(0x21, 0x7E),
        "lower": ScalarSet(0x61, 0x7A),
        "print": ScalarSet(0x20, 0x7E),
        "punct": ScalarSet([(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)]),
        "space": ScalarSet([(0x09, 0x0D), (0x20, 0x20)]),
        "upper": ScalarSet(0x41, 0x5A),
        "word": word,
        "xdigit": ScalarSet([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)]),
    ]
}
