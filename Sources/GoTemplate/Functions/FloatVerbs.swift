import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Texts of floats that are not negative, by the verbs of `printf`.
enum FloatVerbs {
    /// A negative precision asks for the shortest text that gives the value back.
    static func text(_ value: Double, _ verb: Unicode.Scalar, _ precision: Int) -> String {
        if !value.isFinite { return value.isNaN ? "NaN" : "Inf" }
        switch verb {
        case "b": return binary(value)
        case "x", "X":
            let text = hexadecimal(value, precision)
            return verb == "X" ? text.uppercased() : text
        case "e": return exact(value, "%.*e", precision)
        case "E": return exact(value, "%.*E", precision)
        case "f", "F":
            var output = OutputBuffer()
            if FixedDecimals.append(value, precision: precision, to: &output) {
                return String(decoding: output.bytes, as: UTF8.self)
            }
            return exact(value, "%.*f", precision)
        case "G": return precision < 0 ? FloatText.general(value).uppercased() : exact(value, "%.*G", precision)
        default: return precision < 0 ? FloatText.general(value) : exact(value, "%.*g", precision)
        }
    }

    /// The C library knows all digits of a float, and writes exponents as Go does.
    private static func exact(_ value: Double, _ format: String, _ precision: Int) -> String {
        withVaList([Int32(precision), value]) { arguments in
            var buffer = [CChar](repeating: 0, count: 400 + precision)
            let count = vsnprintf(&buffer, buffer.count, format, arguments)
            return String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private static func binary(_ value: Double) -> String {
        let isNormal = value.exponentBitPattern > 0
        let mantissa = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
        let exponent = (isNormal ? Int(value.exponentBitPattern) : 1) - 1075
        return "\(mantissa)p\(exponent < 0 ? "-" : "+")\(abs(exponent))"
    }

    private static func hexadecimal(_ value: Double, _ precision: Int) -> String {
        // One digit before the point and thirteen behind it.
        var mantissa = value == 0 ? 0 : UInt64(value.significand * 0x1p52)
        var exponent = value == 0 ? 0 : Int(value.exponent)
        let dropped = UInt64(max(0, 13 - (precision < 0 ? 13 : precision)) * 4)
        if dropped > 0 {
            let (half, rest) = (UInt64(1) << (dropped - 1), mantissa & (1 << dropped - 1))
            mantissa >>= dropped
            if rest > half || (rest == half && mantissa & 1 == 1) { mantissa += 1 }
            mantissa <<= dropped
            if mantissa >= 1 << 53 { (mantissa, exponent) = (mantissa >> 1, exponent + 1) }
        }
        var digits = String(mantissa & (1 << 52 - 1), radix: 16)
        digits = String(repeating: "0", count: 13 - digits.utf8.count) + digits
        if precision < 0 {
            while digits.hasSuffix("0") { digits.removeLast() }
        } else {
            digits = String(digits.prefix(precision)) + String(repeating: "0", count: max(0, precision - 13))
        }
        let magnitude = String(abs(exponent))
        return "0x\(mantissa >> 52)" + (digits.isEmpty ? "" : "." + digits) + "p" + (exponent < 0 ? "-" : "+")
            + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
    }

    /// The `#` flag: a decimal point always, and no zeros cut off by `g`.
    static func withAllDigits(_ text: String, _ verb: Unicode.Scalar, _ precision: Int) -> String {
        var digits = 0
        let isHex = verb == "x" || verb == "X"
        // `X` is not among these in Go either.
        if "vgGx".unicodeScalars.contains(verb) { digits = precision < 0 ? 6 : precision }
        var number = ""
        var tail = ""
        var hasPoint = false
        var sawNonzero = false
        for character in text {
            let isExponent = character == "p" || character == "P" || (!isHex && (character == "e" || character == "E"))
            if isExponent || !tail.isEmpty {
                tail.append(character)
                continue
            }
            number.append(character)
            if character == "." {
                hasPoint = true
            } else {
                if character != "0" { sawNonzero = true }
                if sawNonzero { digits -= 1 }
            }
        }
        if !hasPoint {
            if number == "0" { digits -= 1 }
            number += "."
        }
        return number + String(repeating: "0", count: max(0, digits)) + tail
    }
}
