import JSON

/// What stands between `%` and the verb.
struct VerbFlags {
    var isSharp = false
    var isZero = false
    var hasPlus = false
    var isLeft = false
    var hasSpace = false
    /// Whether a value is shown with a verb that does not fit it; names of numbers are not used then.
    var isBad = false
    /// Whether a field of a structure is written, where numbers don't adapt to verbs.
    var isField = false
    /// `%#v`.
    var isGoSyntax = false
    var width: Int?
    var precision: Int?
}

/// Writes single values by verbs.
struct VerbOutput: ~Copyable {
    var bytes = OutputBuffer()
    var flags = VerbFlags()

    mutating func write(_ text: String) { bytes.append(text) }

    /// Pads to the width, which counts characters.
    mutating func pad(_ text: String) { text.withBytes { pad($0) } }

    mutating func pad(_ text: [UInt8]) { text.withUnsafeBufferPointer { pad($0) } }

    private mutating func pad(_ text: UnsafeBufferPointer<UInt8>) {
        guard let width = flags.width else { return bytes.append(text) }
        let missing = width - (PlainText.isASCII(text) ? text.count : TextBytes.count(Array(text)))
        if missing > 0, !flags.isLeft { writePadding(missing) }
        bytes.append(text)
        if missing > 0, flags.isLeft { writePadding(missing) }
    }

    private mutating func writePadding(_ count: Int) {
        let fill: UInt8 = flags.isZero && !flags.isLeft ? 0x30 : 0x20
        bytes.insert(fill, count: max(0, count), at: bytes.count)
    }

    /// Whether the verb is one of those that show a text.
    private static func isForTexts(_ verb: Unicode.Scalar) -> Bool {
        switch verb {
        case "v", "s", "x", "X", "q": true
        default: false
        }
    }

    // MARK: Values

    mutating func write(_ value: Value, _ verb: Unicode.Scalar, depth: Int = 0) throws(TemplateError) {
        if verb == "T", !value.isNull { return writeString(Array(value.typeName.utf8), "s", value) }
        switch value {
        case .null:
            if depth > 0 {
                write("<nil>")
            } else if verb == "v" || verb == "T" {
                pad("<nil>")
            } else {
                try writeBad(value, verb)
            }
        case .bool(let flag):
            if verb == "t" || verb == "v" { pad(flag ? "true" : "false") } else { try writeBad(value, verb) }
        case .integer(let number, let kind):
            if !flags.isGoSyntax, !flags.isBad, Self.isForTexts(verb), let word = kind.word(number) {
                return writeString(Array(word.utf8), verb, value)
            }
            if flags.isGoSyntax, verb == "v", kind == .uint8 || kind == .uint64 {
                flags.isSharp = true
                defer { flags.isSharp = false }
                return writeDigits(number, radix: 16, prefix: "0x")
            }
            try writeInteger(number, kind, verb, value)
        case .double(let number): try writeFloat(number, verb, value)
        case .string(let text) where (verb == "s" || verb == "v") && flags.precision == nil && !flags.isGoSyntax:
            pad(text)
        case .string, .bytes:
            if Self.isForTexts(verb) {
                writeString(value.utf8Text ?? [], verb, value)
            } else {
                try writeBad(value, verb)
            }
        case .version(let version) where !Self.isForTexts(verb) || (verb == "v" && flags.isGoSyntax):
            try writeFields(of: version, verb)
        case .time, .version:
            if Self.isForTexts(verb) {
                writeString(try value.textBytes(), verb, value)
            } else {
                try writeBad(value, verb)
            }
        case .list, .map: try writeCollection(value, verb, depth)
        }
    }

    mutating func writeBad(_ value: Value, _ verb: Unicode.Scalar) throws(TemplateError) {
        write("%!\(verb)(")
        if value.isNull {
            write("<nil>")
        } else {
            write(value.typeName + "=")
            flags.isBad = true
            try write(value, "v")
            flags.isBad = false
        }
        write(")")
    }

    private mutating func writeFields(of version: VersionBox, _ verb: Unicode.Scalar) throws(TemplateError) {
        flags.isField = true
        defer { flags.isField = false }
        write((version.isPointer ? "&" : "") + (flags.isGoSyntax ? "semver.Version{" : "{"))
        for (index, field) in version.fields.enumerated() {
            if index > 0 { write(flags.isGoSyntax ? ", " : " ") }
            if flags.isGoSyntax { write(field.name + ":") }
            try write(field.value, verb, depth: 1)
        }
        write("}")
    }

    /// Objects and lists are JSON text for the verbs of texts; other verbs apply to their elements.
    private mutating func writeCollection(_ value: Value, _ verb: Unicode.Scalar, _ depth: Int) throws(TemplateError) {
        guard depth < JSONText.depthLimit, !StackFloor.isReachedByFunction else {
            throw TemplateError(.limit, "printf: value is nested too deeply")
        }
        if verb == "v", flags.isGoSyntax { return try writeGoSyntax(value, depth) }
        // Only wraps errors, which templates don't have.
        if verb == "w" { return try writeBad(value, verb) }
        if Self.isForTexts(verb) { return writeString(try value.textBytes(), verb, value) }
        switch value {
        case .list(let list):
            write("[")
            for (index, element) in list.elements.enumerated() {
                if index > 0 { write(" ") }
                try write(element, verb, depth: depth + 1)
            }
            write("]")
        case .map(let map):
            write("map[")
            for (index, key) in map.sortedKeys.enumerated() {
                if index > 0 { write(" ") }
                try write(.string(key), verb, depth: depth + 1)
                write(":")
                try write(map[key] ?? .null, verb, depth: depth + 1)
            }
            write("]")
        default: break
        }
    }

    /// What the value looks like in a Go program.
    private mutating func writeGoSyntax(_ value: Value, _ depth: Int) throws(TemplateError) {
        guard depth < JSONText.depthLimit, !StackFloor.isReachedByFunction else {
            throw TemplateError(.limit, "printf: value is nested too deeply")
        }
        switch value {
        case .null: write("interface {}(nil)")
        case .list(let list):
            write(value.exactTypeName)
            if list.isNil { return write("(nil)") }
            write("{")
            for (index, element) in list.elements.enumerated() {
                if index > 0 { write(", ") }
                try writeGoSyntax(element, depth + 1)
            }
            write("}")
        case .map(let map):
            write(value.exactTypeName + "{")
            for (index, key) in map.sortedKeys.enumerated() {
                if index > 0 { write(", ") }
                try write(.string(key), "v", depth: depth + 1)
                write(":")
                try writeGoSyntax(map[key] ?? .null, depth + 1)
            }
            write("}")
        default: try write(value, "v", depth: depth + 1)
        }
    }

    // MARK: Texts

    private mutating func writeString(_ text: [UInt8], _ verb: Unicode.Scalar, _ value: Value) {
        switch verb {
        case "x", "X": return writeHex(text, isUpper: verb == "X")
        case "q": return pad(quoted(truncated(text)))
        default:
            if flags.isGoSyntax, verb == "v", value.isText { return pad(quoted(truncated(text))) }
            pad(truncated(text))
        }
    }

    private func truncated(_ text: [UInt8]) -> [UInt8] {
        guard let precision = flags.precision, precision < text.count else { return text }
        var units = TextBytes.Units(text)
        var end = 0
        for _ in 0..<precision {
            guard let unit = units.next() else { break }
            end = unit.range.upperBound
        }
        return Array(text[..<end])
    }

    private func quoted(_ text: [UInt8]) -> String {
        let allowsBackquotes = TextBytes.Units(text).allSatisfy { unit in
            guard let scalar = unit.scalar else { return false }
            return scalar != "`" && scalar != "\u{FEFF}" && scalar != "\u{7F}"
                && (scalar.value >= 0x20 || scalar == "\t")
        }
        if flags.isSharp, allowsBackquotes { return "`" + TextBytes.shown(text) + "`" }
        return QuotedText.quoted(text, asciiOnly: flags.hasPlus)
    }

    private mutating func writeHex(_ text: [UInt8], isUpper: Bool) {
        let input = text.prefix(flags.precision ?? text.count)
        guard !input.isEmpty else { return writePadding(flags.width ?? 0) }
        let prefix: [UInt8] = flags.isSharp ? [0x30, UInt8(ascii: isUpper ? "X" : "x")] : []
        let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        var output = prefix
        output.reserveCapacity(input.count * 2 + 2)
        for (index, byte) in input.enumerated() {
            if index > 0, flags.hasSpace { output += [0x20] + prefix }
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        pad(output)
    }

    // MARK: Integers

    private mutating func writeInteger(
        _ number: Int64,
        _ kind: IntegerKind,
        _ verb: Unicode.Scalar,
        _ value: Value
    ) throws(TemplateError) {
        switch verb {
        case "v", "d": writeDigits(number, radix: 10)
        case "b": writeDigits(number, radix: 2, prefix: "0b")
        case "o": writeDigits(number, radix: 8, prefix: "0")
        case "O": writeDigits(number, radix: 8, prefix: "0o", alwaysPrefixed: true)
        case "x": writeDigits(number, radix: 16, prefix: "0x")
        case "X": writeDigits(number, radix: 16, prefix: "0X", isUpper: true)
        case "c": pad(String(Character(scalar(number))))
        case "q": pad(QuotedText.quoted(String(Character(scalar(number))), quote: "'", asciiOnly: flags.hasPlus))
        case "U": writeUnicode(number)
        // Every number used to be a float, so float verbs work on integers.
        case "e", "E", "f", "F", "g", "G":
            if kind.word(number) == nil, !flags.isField {
                try writeFloat(Double(number), verb, value)
            } else {
                try writeBad(value, verb)
            }
        default: try writeBad(value, verb)
        }
    }

    private func scalar(_ number: Int64) -> Unicode.Scalar {
        UInt32(exactly: number).flatMap { Unicode.Scalar($0) } ?? "\u{FFFD}"
    }

    private mutating func writeDigits(
        _ number: Int64,
        radix: Int,
        prefix: String = "",
        alwaysPrefixed: Bool = false,
        isUpper: Bool = false
    ) {
        let hasSign = number < 0 || flags.hasPlus || flags.hasSpace
        var precision = 0
        if let given = flags.precision {
            precision = given
            if given == 0, number == 0 {
                let wasZero = flags.isZero
                flags.isZero = false
                defer { flags.isZero = wasZero }
                return writePadding(flags.width ?? 0)
            }
        } else if flags.isZero, !flags.isLeft, let width = flags.width {
            precision = hasSign ? width - 1 : width
        }
        var digits = String(number.magnitude, radix: radix, uppercase: isUpper)
        if digits.utf8.count < precision {
            digits = String(repeating: "0", count: precision - digits.utf8.count) + digits
        }
        // `%#O` has the zero of `%#o` behind its prefix.
        if alwaysPrefixed, flags.isSharp, !digits.hasPrefix("0") { digits = "0" + digits }
        if alwaysPrefixed || (flags.isSharp && !prefix.isEmpty && !(prefix == "0" && digits.hasPrefix("0"))) {
            digits = prefix + digits
        }
        let sign = number < 0 ? "-" : flags.hasPlus ? "+" : flags.hasSpace ? " " : ""
        let wasZero = flags.isZero
        flags.isZero = false
        pad(sign + digits)
        flags.isZero = wasZero
    }

    private mutating func writeUnicode(_ number: Int64) {
        var digits = String(UInt64(bitPattern: number), radix: 16, uppercase: true)
        let width = max(4, flags.precision ?? 0)
        if digits.utf8.count < width { digits = String(repeating: "0", count: width - digits.utf8.count) + digits }
        var text = "U+" + digits
        if flags.isSharp, let scalar = UInt32(exactly: number).flatMap({ Unicode.Scalar($0) }),
            QuotedText.isPrintable(scalar)
        {
            text += " '\(scalar)'"
        }
        let wasZero = flags.isZero
        flags.isZero = false
        pad(text)
        flags.isZero = wasZero
    }

    // MARK: Floats

    private mutating func writeFloat(_ number: Double, _ verb: Unicode.Scalar, _ value: Value) throws(TemplateError) {
        let precision: Int
        switch verb {
        case "v", "g", "G", "b", "x", "X": precision = flags.precision ?? -1
        case "e", "E", "f", "F": precision = flags.precision ?? 6
        case "d":
            if let integer = Int64(exactly: number) { return writeDigits(integer, radix: 10) }
            return try writeBad(value, verb)
        default: return try writeBad(value, verb)
        }
        if verb == "f", !flags.isSharp, number.isFinite, writeFixed(number, precision) { return }
        var text = FloatVerbs.text(number.magnitude, verb, precision)
        let isFinite = number.isFinite
        if flags.isSharp, verb != "b", isFinite { text = FloatVerbs.withAllDigits(text, verb, precision) }
        let sign = number.sign == .minus && !number.isNaN ? "-" : flags.hasPlus ? "+" : flags.hasSpace ? " " : ""
        let missing = (flags.width ?? 0) - text.utf8.count - sign.utf8.count
        if !isFinite { flags.isZero = false }
        if flags.isZero, !flags.isLeft, missing > 0 {
            write(sign + String(repeating: "0", count: missing) + text)
        } else {
            pad(sign + text)
        }
    }

    /// `%f` for most numbers, written where it stays; false, with nothing written, for all others.
    private mutating func writeFixed(_ number: Double, _ precision: Int) -> Bool {
        let start = bytes.count
        let sign: UInt8? = number.sign == .minus ? 0x2D : flags.hasPlus ? 0x2B : flags.hasSpace ? 0x20 : nil
        if let sign { bytes.append(sign) }
        guard FixedDecimals.append(number.magnitude, precision: precision, to: &bytes) else {
            bytes.cut(to: start)
            return false
        }
        let missing = (flags.width ?? 0) - (bytes.count - start)
        guard missing > 0 else { return true }
        let isZero = flags.isZero && !flags.isLeft
        let place = flags.isLeft ? bytes.count : isZero && sign != nil ? start + 1 : start
        bytes.insert(isZero ? 0x30 : 0x20, count: missing, at: place)
        return true
    }
}
