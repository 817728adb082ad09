import JSON

/// Texts from values, with and without verbs, and escaping.
enum FormatFunctions {
    static let table: [Function] = [
        Function("print", rest: .any, "Default texts; a space between two neighbours that are both no strings.") {
            call throws(TemplateError) in .text(try joined(call.arguments))
        },
        Function("println", rest: .any, "Default texts separated by single spaces, with a newline.") {
            call throws(TemplateError) in
            var output: [UInt8] = []
            for (index, value) in call.arguments.enumerated() {
                if index > 0 { output.append(0x20) }
                output += try value.textBytes()
            }
            return .text(output + [0x0A])
        },
        Function("printf", [.text], rest: .any, "Go format verbs with flags, width, precision and indexes.") {
            call throws(TemplateError) in
            let format: [UInt8]
            if case .format(let constant)? = call.site.prepared { format = constant } else { format = call.bytes(0) }
            var formatter = Formatter(
                format,
                UnsafeBufferPointer(rebasing: call.arguments.dropFirst()),
                limit: call.evaluator.context.limits.outputBytes
            )
            return try formatter.run()
        },
        Function("html", rest: .any, "Text of the arguments escaped for HTML.") { call throws(TemplateError) in
            if call.count == 1, case .string(let text) = call[0], !PlainText.needsHTMLEscapes(text) { return call[0] }
            return escape(try plain(call)) { Escapes.html($0) }
        },
        Function("js", rest: .any, "Text of the arguments escaped for a JavaScript string.") {
            call throws(TemplateError) in
            escape(try plain(call)) { Escapes.javaScript($0) }
        },
        Function("urlquery", rest: .any, "Text of the arguments escaped for a URL query.") {
            call throws(TemplateError) in .string(Escapes.query(try plain(call)))
        },
    ]

    static func joined(_ values: some Sequence<Value>, nullIsEmpty: Bool = false) throws(TemplateError) -> [UInt8] {
        var output = OutputBuffer()
        var previousIsString = true
        for (index, value) in values.enumerated() {
            let isString = value.isText || (value.isNull && nullIsEmpty)
            if index > 0, !isString, !previousIsString { output.append(0x20) }
            if value.isNull, !nullIsEmpty {
                output.append("<nil>")
            } else {
                try value.appendText(to: &output)
            }
            previousIsString = isString
        }
        return Array(output.bytes)
    }

    /// What the escaping functions work on: null is empty.
    private static func plain(_ call: Call) throws(TemplateError) -> [UInt8] {
        try joined(call.arguments, nullIsEmpty: true)
    }

    private static func escape(_ text: [UInt8], _ transform: (Unicode.Scalar) -> String?) -> Value {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        for unit in TextBytes.Units(text) {
            if let replacement = unit.scalar.flatMap(transform) {
                output += replacement.utf8
            } else {
                output += text[unit.range]
            }
        }
        return .text(output)
    }
}

/// Replacements for single characters; nil for those that stay.
enum Escapes {
    static func html(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&#34;"
        case "'": "&#39;"
        case "\0": "\u{FFFD}"
        default: nil
        }
    }

    static func javaScript(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\\": return "\\\\"
        case "'": return "\\'"
        case "\"": return "\\\""
        case "<", ">", "&", "=": return unicode(scalar)
        default:
            if scalar.isASCII { return scalar.value < 0x20 ? unicode(scalar) : nil }
            return QuotedText.isPrintable(scalar) ? nil : unicode(scalar)
        }
    }

    private static func unicode(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    static func query(_ text: [UInt8]) -> String {
        var output: [UInt8] = []
        for byte in text {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                output.append(byte)
            case 0x20: output.append(UInt8(ascii: "+"))
            default:
                output.append(UInt8(ascii: "%"))
                output.append(contentsOf: String(byte >> 4, radix: 16, uppercase: true).utf8)
                output.append(contentsOf: String(byte & 15, radix: 16, uppercase: true).utf8)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
