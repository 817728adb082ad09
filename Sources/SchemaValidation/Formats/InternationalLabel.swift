/// A label of a host name with letters beyond ASCII. Source: RFC 5891, section 4.2; RFC 5892; RFC 5893.
///
/// Most of the rules follow from properties that Swift's scalars have, so no library is needed; only the joining types
/// come as a table.
struct InternationalLabel {
    let scalars: [Unicode.Scalar]

    init?(_ values: [UInt32]) {
        scalars = values.compactMap { Unicode.Scalar($0) }
        guard scalars.count == values.count else { return nil }
    }

    /// Everything but the rule about writing directions, which looks at all labels of a name.
    var isValid: Bool {
        guard let first = scalars.first, let last = scalars.last, first != "-", last != "-" else { return false }
        if scalars.count >= 4, scalars[2] == "-", scalars[3] == "-" { return false }
        switch first.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return false
        default: break
        }
        guard scalars.indices.allSatisfy({ isAllowed(at: $0) }) else { return false }
        return NormalForm.isComposed(scalars)
    }

    // MARK: Code points

    private func isAllowed(at index: Int) -> Bool {
        let scalar = scalars[index]
        switch scalar.value {
        case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
        case 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x660...0x669, 0x6F0...0x6F9, 0x200C, 0x200D:
            return isAllowedHere(scalar, at: index)
        default: return Self.isAlwaysAllowed(scalar)
        }
    }

    private static func isAlwaysAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            return byte == 0x2D || byte.isDigit || (0x61...0x7A).contains(byte)
        }
        let properties = scalar.properties
        switch scalar.value {
        // Old Hangul, marks for symbols, musical symbols.
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB, 0x20D0...0x20FF, 0x1D100...0x1D24F: return false
        default: break
        }
        guard !properties.changesWhenNFKCCaseFolded, !properties.isDefaultIgnorableCodePoint, !properties.isWhitespace,
            !properties.isNoncharacterCodePoint
        else { return false }
        switch properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber, .modifierLetter, .nonspacingMark,
            .spacingMark:
            return true
        default: return false
        }
    }

    // MARK: Context. Source: RFC 5892, appendix A

    private func isAllowedHere(_ scalar: Unicode.Scalar, at index: Int) -> Bool {
        let before = index > 0 ? scalars[index - 1] : nil
        let after = index + 1 < scalars.count ? scalars[index + 1] : nil
        switch scalar.value {
        case 0xB7: return before == "l" && after == "l"
        case 0x375: return after.map { Script.isGreek($0.value) } ?? false
        case 0x5F3, 0x5F4: return before.map { Script.isHebrew($0.value) } ?? false
        case 0x30FB: return scalars.contains { Script.isJapanese($0.value) }
        case 0x660...0x669: return !scalars.contains { (0x6F0...0x6F9).contains($0.value) }
        case 0x6F0...0x6F9: return !scalars.contains { (0x660...0x669).contains($0.value) }
        default:
            if let before, before.properties.canonicalCombiningClass == .virama { return true }
            return scalar.value == 0x200C && joins(at: index)
        }
    }

    /// Whether letters on both sides would be joined but for the mark at `index`.
    private func joins(at index: Int) -> Bool {
        let before = scalars[..<index].reversed().lazy.map { JoiningType($0) }.first { $0 != .transparent }
        let after = scalars[(index + 1)...].lazy.map { JoiningType($0) }.first { $0 != .transparent }
        return (before == .left || before == .dual) && (after == .right || after == .dual)
    }
}

/// Scripts that context rules ask for. Source: Unicode 14, property Script.
enum Script {
    static func isGreek(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x370...0x373, 0x375...0x377, 0x37A...0x37D, 0x37F, 0x384, 0x386, 0x388...0x3E1, 0x3F0...0x3FF,
            0x1F00...0x1FFE, 0x1D26...0x1D2A, 0x2126, 0xAB65, 0x10140...0x1018E:
            true
        default: false
        }
    }

    static func isHebrew(_ scalar: UInt32) -> Bool {
        (0x591...0x5F4).contains(scalar) || (0xFB1D...0xFB4F).contains(scalar)
    }

    /// Hiragana, Katakana or Han.
    static func isJapanese(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0x3005, 0x3007,
            0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAD9, 0x1B000...0x1B167,
            0x20000...0x3134A:
            true
        default: false
        }
    }
}

/// Writing directions of a label. Source: RFC 5893, section 2.
///
/// Only letters, marks, digits and hyphens are left when this is asked, so few of the many classes remain.
struct WritingDirection {
    private enum Class { case left, right, europeanDigit, arabicDigit, mark, neutral }

    private let classes: [Class]

    init(_ label: InternationalLabel) { classes = label.scalars.map(Self.classOf) }

    /// Whether the label makes the whole name one with two directions.
    var isRightToLeft: Bool { classes.contains { $0 == .right || $0 == .arabicDigit } }

    /// Whether the label keeps the rule.
    var isValid: Bool {
        let end = classes.last { $0 != .mark }
        switch classes.first {
        case .right:
            guard end == .right || end == .europeanDigit || end == .arabicDigit, !classes.contains(.left) else {
                return false
            }
            return !(classes.contains(.europeanDigit) && classes.contains(.arabicDigit))
        case .left:
            return (end == .left || end == .europeanDigit) && !classes.contains { $0 == .right || $0 == .arabicDigit }
        default: return false
        }
    }

    private static func classOf(_ scalar: Unicode.Scalar) -> Class {
        switch scalar.value {
        case 0x2D: return .neutral
        case 0x30...0x39, 0x6F0...0x6F9: return .europeanDigit
        case 0x660...0x669, 0x10D30...0x10D39: return .arabicDigit
        case 0xCBF, 0xCC6, 0x11A07...0x11A08, 0x11C3F: return .left
        // Modifier letters without a direction.
        case 0x2B9...0x2BA, 0x2C6...0x2CF, 0x2EC, 0x375, 0x2E2F, 0xA67F, 0xA717...0xA71F, 0xA788, 0x30FB:
            return .neutral
        case 0x200C, 0x200D: return .neutral
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .mark
        case .spacingMark: return .left
        default: return isRightToLeftBlock(scalar.value) ? .right : .left
        }
    }

    private static func isRightToLeftBlock(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}
