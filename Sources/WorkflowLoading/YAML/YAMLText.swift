import JSON

/// How single strings are spelled in YAML.
enum YAMLText {
    /// A key: plain when it is a simple word, else in double quotes.
    static func key(_ key: String) -> String {
        isPlain(key, isKey: true) ? key : doubleQuoted(key)
    }

    /// A value: plain, `|` block or double-quoted. `level` is the indentation of a block's lines in steps of two.
    static func string(_ text: String, level: Int) -> String {
        if isPlain(text, isKey: false) { return text }
        return block(text, level: level) ?? doubleQuoted(text)
    }

    /// Whether `text` reads as the same string without quotes. Stricter than YAML itself.
    private static func isPlain(_ text: String, isKey: Bool) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 1000 else { return false }
        guard isWord(first) || (first == UInt8(ascii: "/") || first >= 0x80 && !isKey) else { return false }
        guard last != 0x20, last != UInt8(ascii: ":") else { return false }
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: ":"):
                guard !isKey, index + 1 < bytes.count, bytes[index + 1] != 0x20 else { return false }
            case UInt8(ascii: "#"):
                guard index > 0, bytes[index - 1] != 0x20 else { return false }
            case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
                // Legal in block style, but a reader may paste it into flow style.
                return false
            case 0x20...0x7E: continue
            case 0x80...: continue
            default: return false
            }
        }
        guard text.unicodeScalars.allSatisfy({ $0.value < 0x7F || isPrintable($0) }) else { return false }
        guard case .string = YAMLCoreSchema.value(of: text) else { return false }
        return !isBooleanWord(text) && !isOldNumber(bytes)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Words that readers of YAML 1.1 take for booleans.
    private static func isBooleanWord(_ text: String) -> Bool {
        ["y", "n", "yes", "no", "on", "off"].contains(text.lowercased())
    }

    /// What readers of YAML 1.1 take for a number or a time: digits with `_`, `:` or `.` only, dates.
    private static func isOldNumber(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, first >= 0x30, first <= 0x39 else { return false }
        return bytes.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || "_:.-+eExobTZ ".utf8.contains($0) }
    }

    /// The text as a literal block; nil when a block cannot hold it.
    private static func block(_ text: String, level: Int) -> String? {
        guard text.utf8.contains(0x0A), !text.utf8.contains(0x0D) else { return nil }
        guard text.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || isPrintable($0) }) else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Leading blanks need an indentation indicator, and only-blank texts are fragile: both go in quotes.
        guard let first = lines.first, !first.isEmpty, !first.hasPrefix(" "), !first.hasPrefix("\t") else { return nil }
        guard !lines.contains(where: { !$0.isEmpty && $0.allSatisfy { $0 == " " || $0 == "\t" } }) else { return nil }
        var indicator = "-"
        if lines.last == "" {
            lines.removeLast()
            indicator = lines.last == "" ? "+" : ""
        }
        let margin = String(repeating: "  ", count: max(level, 1))
        return "|\(indicator)\n" + lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }

    /// Whether the scalar may stand unescaped; line separators and byte order marks may not.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    static func doubleQuoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where isPrintable(scalar): output.unicodeScalars.append(scalar)
            default: output += escape(scalar.value)
            }
        }
        return output + "\""
    }

    private static func escape(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        let (letter, width) = value <= 0xFF ? ("x", 2) : value <= 0xFFFF ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}
