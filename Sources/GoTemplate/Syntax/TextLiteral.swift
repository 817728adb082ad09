/// Reads the escapes of quoted literals.
enum TextLiteral {
    /// The bytes of a double-quoted literal, given with its quotes; nil when an escape is wrong.
    static func unquote(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var index = bytes.startIndex + 1
        let end = bytes.endIndex - 1
        while index < end {
            if bytes[index] != UInt8(ascii: "\\") {
                output.append(bytes[index])
                index += 1
            } else {
                guard let (unit, next) = readEscape(bytes, at: index, end: end, quote: UInt8(ascii: "\"")) else {
                    return nil
                }
                switch unit {
                case .byte(let byte): output.append(byte)
                case .scalar(let scalar): output.append(contentsOf: String(Character(scalar)).utf8)
                }
                index = next
            }
        }
        return output
    }

    /// The number of a character literal, given with its quotes; nil when it is not exactly one good character.
    static func character(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let content = bytes.dropFirst().dropLast()
        guard let first = content.first else { return nil }
        if first == UInt8(ascii: "\\") {
            guard
                let (unit, next) = readEscape(
                    content,
                    at: content.startIndex,
                    end: content.endIndex,
                    quote: UInt8(ascii: "'")
                ),
                next == content.endIndex
            else { return nil }
            switch unit {
            case .byte(let byte): return UInt32(byte)
            case .scalar(let scalar): return scalar.value
            }
        }
        let scalars = String(decoding: content, as: UTF8.self).unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first else { return nil }
        return scalar.value
    }

    enum Unit {
        case byte(UInt8)
        case scalar(Unicode.Scalar)
    }

    private static func readEscape(
        _ bytes: ArraySlice<UInt8>,
        at start: Int,
        end: Int,
        quote: UInt8
    ) -> (Unit, Int)? {
        guard start + 1 < end else { return nil }
        let byte = bytes[start + 1]
        let next = start + 2
        switch byte {
        case UInt8(ascii: "a"): return (.byte(0x07), next)
        case UInt8(ascii: "b"): return (.byte(0x08), next)
        case UInt8(ascii: "f"): return (.byte(0x0C), next)
        case UInt8(ascii: "n"): return (.byte(0x0A), next)
        case UInt8(ascii: "r"): return (.byte(0x0D), next)
        case UInt8(ascii: "t"): return (.byte(0x09), next)
        case UInt8(ascii: "v"): return (.byte(0x0B), next)
        case UInt8(ascii: "\\"), quote: return (.byte(byte), next)
        case UInt8(ascii: "x"):
            return readDigits(bytes, from: next, count: 2, radix: 16, end: end).map { (.byte(UInt8($0)), next + 2) }
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = byte == UInt8(ascii: "u") ? 4 : 8
            guard let value = readDigits(bytes, from: next, count: count, radix: 16, end: end),
                let scalar = Unicode.Scalar(value)
            else { return nil }
            return (.scalar(scalar), next + count)
        case 0x30...0x37:
            guard let value = readDigits(bytes, from: start + 1, count: 3, radix: 8, end: end), value < 256 else {
                return nil
            }
            return (.byte(UInt8(value)), start + 4)
        default: return nil
        }
    }

    private static func readDigits(
        _ bytes: ArraySlice<UInt8>,
        from start: Int,
        count: Int,
        radix: Int,
        end: Int
    ) -> UInt32? {
        guard start + count <= end else { return nil }
        let digits = bytes[start..<start + count]
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
    }
}
