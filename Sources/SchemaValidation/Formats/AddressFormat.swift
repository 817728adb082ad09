/// Internet addresses.
enum AddressFormat {
    /// Four decimal numbers without leading zeros. Source: RFC 2673, section 3.2.
    static func isIPv4(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        for index in 0..<4 {
            if index > 0 { guard bytes.skip(UInt8(ascii: ".")) else { return false } }
            guard skipOctet(&bytes) else { return false }
        }
        return bytes.isAtEnd
    }

    private static func skipOctet(_ bytes: inout Bytes) -> Bool {
        let start = bytes
        let count = bytes.skipDigits()
        guard (1...3).contains(count), count == 1 || start[0] != 0x30 else { return false }
        var number = start
        return (number.number(digits: count) ?? 256) <= 255
    }

    /// Source: RFC 4291, section 2.2; no zone.
    static func isIPv6(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        var groups = 0
        var isCompressed = false
        if bytes.next == UInt8(ascii: ":") {
            bytes.advance()
            guard bytes.skip(UInt8(ascii: ":")) else { return false }
            isCompressed = true
            if bytes.isAtEnd { return true }
        }
        while true {
            if isIPv4(bytes) {
                groups += 2
                break
            }
            var digits = 0
            while let next = bytes.next, next.isHexDigit, digits < 5 {
                bytes.advance()
                digits += 1
            }
            guard (1...4).contains(digits) else { return false }
            groups += 1
            if bytes.isAtEnd { break }
            guard bytes.skip(UInt8(ascii: ":")) else { return false }
            if bytes.skip(UInt8(ascii: ":")) {
                guard !isCompressed else { return false }
                isCompressed = true
                if bytes.isAtEnd { break }
            }
        }
        return isCompressed ? groups <= 7 : groups == 8
    }
}
