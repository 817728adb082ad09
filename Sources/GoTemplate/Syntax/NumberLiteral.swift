/// A number as the template language reads it: sign, base prefixes, underscores, hexadecimal floats.
struct NumberLiteral: Sendable, Hashable {
    /// The value as an integer, when it has no fraction and fits.
    var integer: Int64?
    var double: Double
    /// Whether it is written as a float, which decides the kind where none is asked for.
    var isFloat: Bool
    let text: String

    /// Nil when the text is no number; also for integers beyond 64 bits without a sign.
    init?(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        if let value = Self.parseInteger(bytes) {
            integer = value
            double = Double(value)
            isFloat = false
            return
        }
        if bytes.first.map({ $0 &- 0x30 <= 9 }) ?? false, let value = Self.parseMagnitude(bytes[...]) {
            // Too large for an integer, which only counts when the literal is used as one.
            double = Double(value)
            isFloat = false
            return
        }
        let looksHex = bytes.contains { $0 | 0x20 == UInt8(ascii: "x") }
        let marks: [UInt8] = looksHex ? Array(".p".utf8) : Array(".ep".utf8)
        guard bytes.contains(where: { marks.contains($0) || marks.contains($0 | 0x20) }),
            let value = Self.parseFloat(bytes)
        else { return nil }
        double = value
        isFloat = true
        integer = Int64(exactly: value)
    }

    init(character: UInt32) {
        integer = Int64(character)
        double = Double(character)
        isFloat = false
        text = String(character)
    }

    /// Reads an integer with an optional sign and prefix (`0x`, `0o`, `0b`, a leading `0` for octal); nil when the
    /// text is anything else or does not fit.
    static func parseInteger(_ bytes: [UInt8]) -> Int64? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let isSigned = isNegative || bytes.first == UInt8(ascii: "+")
        guard let magnitude = parseMagnitude(bytes[(isSigned ? 1 : 0)...]) else { return nil }
        if isNegative {
            return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
        }
        return Int64(exactly: magnitude)
    }

    private static func parseMagnitude(_ text: ArraySlice<UInt8>) -> UInt64? {
        let bytes = Array(text)
        var index = 0
        guard !bytes.isEmpty else { return nil }
        var base: UInt64 = 10
        var previousIsDigit = false
        if bytes[index] == 0x30, index + 1 < bytes.count {
            previousIsDigit = true
            switch bytes[index + 1] | 0x20 {
            case UInt8(ascii: "x"): (base, index) = (16, index + 2)
            case UInt8(ascii: "o"): (base, index) = (8, index + 2)
            case UInt8(ascii: "b"): (base, index) = (2, index + 2)
            default: (base, index) = (8, index + 1)
            }
        }
        var magnitude: UInt64 = 0
        var digits = base == 8 && index > 0 && bytes[index - 1] == 0x30 ? 1 : 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "_") {
                guard previousIsDigit else { return nil }
                previousIsDigit = false
                continue
            }
            guard let digit = digitValue(byte), digit < base else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: base)
            let (sum, carry) = product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            magnitude = sum
            digits += 1
            previousIsDigit = true
        }
        return digits > 0 && previousIsDigit ? magnitude : nil
    }

    private static func digitValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x41...0x46: UInt64(byte - 0x41 + 10)
        case 0x61...0x66: UInt64(byte - 0x61 + 10)
        default: nil
        }
    }

    /// Reads a decimal or hexadecimal float; nil for other texts and for values beyond the largest double.
    static func parseFloat(_ bytes: [UInt8]) -> Double? {
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        let isHex = bytes.contains { $0 | 0x20 == UInt8(ascii: "x") }
        func isDigit(_ byte: UInt8) -> Bool { isHex ? digitValue(byte) != nil : byte &- 0x30 <= 9 }
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "_") {
                guard index > 0, index + 1 < bytes.count, isDigit(bytes[index + 1]),
                    isDigit(bytes[index - 1]) || bytes[index - 1] | 0x20 == UInt8(ascii: "x")
                else { return nil }
                continue
            }
            clean.append(byte)
        }
        let exponentMark = UInt8(ascii: isHex ? "p" : "e")
        if isHex, !clean.contains(where: { $0 | 0x20 == exponentMark }) { return nil }
        guard let canonical = canonicalFloat(clean, exponentMark: exponentMark, isHex: isHex),
            let value = Double(canonical), value.isFinite
        else { return nil }
        return value
    }

    /// The form that `Double` reads: digits on both sides of the point. Nil when there are no digits or odd characters.
    private static func canonicalFloat(_ bytes: [UInt8], exponentMark: UInt8, isHex: Bool) -> String? {
        var result: [UInt8] = []
        var index = 0
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            result.append(sign)
            index = 1
        }
        if isHex {
            guard index + 1 < bytes.count, bytes[index] == 0x30 else { return nil }
            result += Array("0x".utf8)
            index += 2
        }
        func isDigit(_ byte: UInt8) -> Bool { isHex ? digitValue(byte) != nil : byte &- 0x30 <= 9 }
        let integerStart = index
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        let integerPart = bytes[integerStart..<index]
        var fraction: ArraySlice<UInt8> = []
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            let start = index + 1
            index = start
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            fraction = bytes[start..<index]
        }
        guard !integerPart.isEmpty || !fraction.isEmpty else { return nil }
        result += integerPart.isEmpty ? [0x30] : Array(integerPart)
        result.append(UInt8(ascii: "."))
        result += fraction.isEmpty ? [0x30] : Array(fraction)
        if index < bytes.count {
            guard bytes[index] | 0x20 == exponentMark else { return nil }
            let digits = bytes[(index + 1)...].drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
            guard bytes.count - index - 1 - digits.count <= 1, !digits.isEmpty, digits.allSatisfy({ $0 &- 0x30 <= 9 })
            else { return nil }
            result += bytes[index...]
        }
        return String(decoding: result, as: UTF8.self)
    }
}
