/// Go's quoted literals.
enum QuotedText {
    static func quoted(_ text: String, quote: Unicode.Scalar = "\"", asciiOnly: Bool = false) -> String {
        quoted(Array(text.utf8), quote: quote, asciiOnly: asciiOnly)
    }

    /// Stray bytes are `\x` escapes.
    static func quoted(_ bytes: [UInt8], quote: Unicode.Scalar = "\"", asciiOnly: Bool = false) -> String {
        var output = String.UnicodeScalarView()
        output.append(quote)
        for unit in TextBytes.Units(bytes) {
            if let scalar = unit.scalar {
                append(scalar, quote: quote, asciiOnly: asciiOnly, to: &output)
            } else {
                output.append(contentsOf: ("\\x" + String(bytes[unit.range.lowerBound], radix: 16)).unicodeScalars)
            }
        }
        output.append(quote)
        return String(output)
    }

    private static func append(
        _ scalar: Unicode.Scalar,
        quote: Unicode.Scalar,
        asciiOnly: Bool,
        to output: inout String.UnicodeScalarView
    ) {
        if scalar == quote || scalar == "\\" {
            output.append("\\")
            output.append(scalar)
            return
        }
        if scalar.isASCII ? isPrintable(scalar) : !asciiOnly && isPrintable(scalar) {
            output.append(scalar)
            return
        }
        let escape: String
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
            escape = "\\" + mark + String(repeating: "0", count: width - digits.count) + digits
        }
        output.append(contentsOf: escape.unicodeScalars)
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
