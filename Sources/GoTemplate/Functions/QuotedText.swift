/// Go's quoted literals.
enum QuotedText {
    static func quoted(_ text: String, quote: Unicode.Scalar = "\"", asciiOnly: Bool = false) -> String {
        quoted(Array(text.utf8), quote: quote, asciiOnly: asciiOnly)
    }

    /// Stray bytes are `\x` escapes.
    static func quoted(_ bytes: [UInt8], quote: Unicode.Scalar = "\"", asciiOnly: Bool = false) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + 2)
        let mark = UInt8(truncatingIfNeeded: quote.value)
        output.append(mark)
        for unit in TextBytes.Units(bytes) {
            guard let scalar = unit.scalar else {
                output += "\\x\(String(bytes[unit.range.lowerBound], radix: 16))".utf8
                continue
            }
            if scalar == quote || scalar == "\\" {
                output.append(UInt8(ascii: "\\"))
                output.append(bytes[unit.range.lowerBound])
            } else if scalar.isASCII ? (0x20..<0x7F).contains(scalar.value) : !asciiOnly && isPrintable(scalar) {
                output += bytes[unit.range]
            } else {
                appendEscape(of: scalar, to: &output)
            }
        }
        output.append(mark)
        return String(decoding: output, as: UTF8.self)
    }

    private static func appendEscape(of scalar: Unicode.Scalar, to output: inout [UInt8]) {
        let escape: StaticString
        switch scalar {
        case "\u{07}": escape = "\\a"
        case "\u{08}": escape = "\\b"
        case "\u{0C}": escape = "\\f"
        case "\n": escape = "\\n"
        case "\r": escape = "\\r"
        case "\t": escape = "\\t"
        case "\u{0B}": escape = "\\v"
        default:
            let (mark, width) =
                scalar.value < 0x20 || scalar.value == 0x7F ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
            let digits = String(scalar.value, radix: 16)
            output += ("\\" + mark + String(repeating: "0", count: width - digits.utf8.count) + digits).utf8
            return
        }
        output += UnsafeBufferPointer(start: escape.utf8Start, count: escape.utf8CodeUnitCount)
    }

    /// Letters, marks, numbers, punctuation, symbols and the ASCII space.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            scalar == " "
        default: true
        }
    }
}
