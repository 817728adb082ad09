/// Host names. Source: RFC 1123, section 2.1; RFC 5890 to 5893 for internationalised ones.
enum HostnameFormat {
    private static let longestName = 253
    private static let longestLabel = 63

    static func isHostname(_ bytes: Bytes) -> Bool {
        guard (1...longestName).contains(bytes.count) else { return false }
        var rest = bytes
        var international: [InternationalLabel] = []
        while true {
            let end = rest.firstOffset(of: UInt8(ascii: ".")) ?? rest.count
            let label = rest.part(0, end)
            guard isLabel(label) else { return false }
            if isEncoded(label) {
                guard let decoded = decoded(label) else { return false }
                international.append(decoded)
            }
            if end == rest.count { break }
            rest = rest.part(end + 1, rest.count)
        }
        return international.allSatisfy { !WritingDirection($0).isRightToLeft || WritingDirection($0).isValid }
    }

    private static func isLabel(_ label: Bytes) -> Bool {
        guard (1...longestLabel).contains(label.count), label[0] != 0x2D, label[label.count - 1] != 0x2D else {
            return false
        }
        return label.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D }
    }

    private static func isEncoded(_ label: Bytes) -> Bool {
        label.count >= 4 && label[0] | 0x20 == 0x78 && label[1] | 0x20 == 0x6E && label[2] == 0x2D && label[3] == 0x2D
    }

    /// What an `xn--` label stands for; nil when it is not the one way to write a valid label.
    private static func decoded(_ label: Bytes) -> InternationalLabel? {
        let text = (4..<label.count).map { label[$0].isLetter ? label[$0] | 0x20 : label[$0] }
        guard let values = Punycode.decoded(text), values.contains(where: { $0 >= 128 }),
            Punycode.encoded(values) == text,
            let international = InternationalLabel(values), international.isValid
        else { return nil }
        return international
    }

    // MARK: International names

    static func isInternational(_ text: String) -> Bool {
        // No label can be longer than its code points, so nothing longer is worth decoding.
        guard !text.isEmpty, text.utf8.count <= longestName * 4 else { return false }
        var labels: [InternationalLabel] = []
        var length = -1
        for part in text.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isSeparator) {
            guard let (label, size) = label(part) else { return false }
            labels.append(label)
            length += size + 1
        }
        guard length <= longestName else { return false }
        let directions = labels.map { WritingDirection($0) }
        guard directions.contains(where: \.isRightToLeft) else { return true }
        return directions.allSatisfy(\.isValid)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E, 0x3002, 0xFF0E, 0xFF61: true
        default: false
        }
    }

    /// A label and its length when written in ASCII.
    private static func label(_ scalars: Substring.UnicodeScalarView) -> (InternationalLabel, Int)? {
        let values = scalars.map(\.value)
        if values.allSatisfy({ $0 < 128 }) {
            let bytes = values.map { UInt8(truncatingIfNeeded: $0) }
            return bytes.withUnsafeBufferPointer { buffer in
                let bytes = Bytes(buffer[...])
                guard isLabel(bytes) else { return nil }
                if isEncoded(bytes) { return decoded(bytes).map { ($0, bytes.count) } }
                // Hyphens in the third and fourth place are kept for encodings.
                if bytes.count >= 4, bytes[2] == 0x2D, bytes[3] == 0x2D { return nil }
                return InternationalLabel(values.map { $0 }).map { ($0, bytes.count) }
            }
        }
        guard let label = InternationalLabel(values), label.isValid else { return nil }
        let size = 4 + Punycode.encoded(values).count
        return size <= longestLabel ? (label, size) : nil
    }
}
