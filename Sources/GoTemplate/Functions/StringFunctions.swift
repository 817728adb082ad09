/// Texts. Lengths and positions are UTF-8 bytes.
enum StringFunctions {
    static let table: [Function] = trimming + parts + searching + filling

    private static let trimAll = Function(
        "trimAll",
        [.text, .text],
        "Removes any of the given characters at both ends."
    ) { call throws(TemplateError) in
        if case .string(let set) = call[0], case .string(let text) = call[1],
            let trimmed = PlainText.trimmed(text, of: set)
        {
            return .string(trimmed)
        }
        let set = Set(call.text(0).unicodeScalars)
        return trim(call.bytes(1)) { set.contains($0) }
    }

    private static let trimming: [Function] = [
        Function("trim", [.text], "Removes white space at both ends.") { call throws(TemplateError) in
            trim(call.bytes(0)) { $0.properties.isWhitespace }
        },
        trimAll, trimAll.renamed("trimall"),
        Function("trimPrefix", [.text, .text], "Removes one prefix if present.") { call throws(TemplateError) in
            let text = call.bytes(1)
            let prefix = call.bytes(0)
            return text.starts(with: prefix) ? .text(text[prefix.count...]) : call[1]
        },
        Function("trimSuffix", [.text, .text], "Removes one suffix if present.") { call throws(TemplateError) in
            let text = call.bytes(1)
            let suffix = call.bytes(0)
            return Bytes.hasSuffix(text, suffix) ? .text(text[..<(text.count - suffix.count)]) : call[1]
        },
    ]

    private static func trim(_ text: [UInt8], _ isTrimmed: (Unicode.Scalar) -> Bool) -> Value {
        var kept: Range<Int>?
        for unit in TextBytes.Units(text) where !isTrimmed(unit.scalar ?? "\u{FFFD}") {
            kept = (kept?.lowerBound ?? unit.range.lowerBound)..<unit.range.upperBound
        }
        return .text(text[kept ?? 0..<0])
    }

    // MARK: Parts

    private static let parts: [Function] = [
        Function("trunc", [.integer, .text], "First n bytes, or the last -n bytes.") { call throws(TemplateError) in
            let length = call.integer(0)
            if length >= 0, case .string(let text) = call[1] {
                if length >= text.utf8.count { return call[1] }
                if let prefix = PlainText.prefix(text, length) { return .string(prefix) }
            }
            let bytes = call.bytes(1)
            if length < 0 { return length > -bytes.count ? .text(bytes.suffix(-length)) : call[1] }
            return length < bytes.count ? .text(bytes.prefix(length)) : call[1]
        },
        Function("substr", [.integer, .integer, .text], "Bytes start up to end; a negative end means to the end.") {
            call throws(TemplateError) in
            let bytes = call.bytes(2)
            let given = (start: call.integer(0), end: call.integer(1))
            let start = max(given.start, 0)
            let end = given.start >= 0 && (given.end < 0 || given.end > bytes.count) ? bytes.count : given.end
            guard start <= end, end <= bytes.count else { throw .function("substr: index out of range") }
            return .text(bytes[start..<end])
        },
        Function("abbrev", [.integer, .text], "Cuts to width bytes, the last three being dots.") {
            call throws(TemplateError) in
            if call.integer(0) < 4 { return call[1] }
            return .text(abbreviate(call.bytes(1), from: 0, width: call.integer(0)))
        },
        Function("abbrevboth", [.integer, .integer, .text], "Cuts on both sides around an offset.") {
            call throws(TemplateError) in
            let (offset, width) = (call.integer(0), call.integer(1))
            if width < 4 || (offset > 0 && width < 7) { return call[2] }
            return .text(abbreviate(call.bytes(2), from: offset, width: width))
        },
        Function("initials", [.text], "First letter of every word.") { call throws(TemplateError) in
            let words = call.text(0).unicodeScalars.split { $0.properties.isWhitespace }
            var scalars = String.UnicodeScalarView()
            for word in words { if let first = word.first { scalars.append(first) } }
            return .string(String(scalars))
        },
        Function("nospace", [.text], "Removes all white space.") { call throws(TemplateError) in
            .string(
                String(String.UnicodeScalarView(call.text(0).unicodeScalars.filter { !$0.properties.isWhitespace }))
            )
        },
    ]

    private static func abbreviate(_ bytes: [UInt8], from start: Int, width: Int) -> [UInt8] {
        let dots = [UInt8](repeating: UInt8(ascii: "."), count: 3)
        guard width >= 4 else { return [] }
        if bytes.count <= width { return bytes }
        var offset = min(start, bytes.count)
        if bytes.count - offset < width - 3 { offset = bytes.count - (width - 3) }
        if offset <= 4 { return bytes[..<(width - 3)] + dots }
        guard width >= 7 else { return [] }
        if offset + width - 3 < bytes.count {
            return dots + abbreviate(Array(bytes[offset...]), from: 0, width: width - 3)
        }
        return dots + bytes[(bytes.count - (width - 3))...]
    }

    // MARK: Searching

    private static let searching: [Function] = [
        Function("contains", [.text, .text], "Whether the second string contains the first.") {
            call throws(TemplateError) in
            .bool(Bytes.firstRange(of: call.bytes(0), in: call.bytes(1), from: 0) != nil)
        },
        Function("hasPrefix", [.text, .text], "Whether the second string starts with the first.") {
            call throws(TemplateError) in .bool(call.bytes(1).starts(with: call.bytes(0)))
        },
        Function("hasSuffix", [.text, .text], "Whether the second string ends with the first.") {
            call throws(TemplateError) in
            .bool(Bytes.hasSuffix(call.bytes(1), call.bytes(0)))
        },
        Function("replace", [.text, .text, .text], "Replaces every occurrence.") { call throws(TemplateError) in
            if let old = PlainText.singleByte(call.text(0)), let new = PlainText.singleByte(call.text(1)),
                case .string(let text) = call[2]
            {
                return .string(PlainText.replaced(old, by: new, in: text))
            }
            let result = Bytes.replace(
                call.bytes(0),
                with: call.bytes(1),
                in: call.bytes(2),
                limit: call.evaluator.context.limits.outputBytes
            )
            try call.evaluator.checkText(bytes: result.count)
            return .text(result)
        },
        Function("plural", [.text, .text, .integer], "The first string for exactly 1, otherwise the second.") {
            call throws(TemplateError) in call.integer(2) == 1 ? call[0] : call[1]
        },
    ]

    // MARK: Filling

    private static let filling: [Function] = [
        Function("repeat", [.integer, .text], "The string n times.") { call throws(TemplateError) in
            let text = call.bytes(1)
            guard call.integer(0) >= 0 else { throw .function("repeat: negative count") }
            let (size, overflow) = text.count.multipliedReportingOverflow(by: call.integer(0))
            try call.evaluator.checkText(bytes: overflow ? .max : size)
            if case .string(let text) = call[1] {
                return .string(String(repeating: text, count: size == 0 ? 0 : call.integer(0)))
            }
            return .text(repeatElement(text, count: size == 0 ? 0 : call.integer(0)).joined())
        },
        Function("indent", [.integer, .text], "Puts n spaces in front of every line.") { call throws(TemplateError) in
            .text(try indent(call))
        },
        Function("nindent", [.integer, .text], "A newline, then `indent`.") { call throws(TemplateError) in
            .text([0x0A] + (try indent(call)))
        },
        Function("wrap", [.integer, .text], "Breaks lines at spaces; long words stay whole.") {
            call throws(TemplateError) in
            .text(wrap(call.bytes(1), call.integer(0), separator: [0x0A], cutsWords: false))
        },
        Function("wrapWith", [.integer, .text, .text], "Like `wrap` with another separator and long words cut.") {
            call throws(TemplateError) in
            let separator = call.bytes(1).isEmpty ? [0x0A] : call.bytes(1)
            let bytes = call.bytes(2)
            let (size, overflow) = bytes.count.multipliedReportingOverflow(by: separator.count + 1)
            try call.evaluator.checkText(bytes: overflow ? .max : size / max(1, min(call.integer(0), 1 << 30)))
            return .text(wrap(bytes, call.integer(0), separator: separator, cutsWords: true))
        },
    ]

    private static func indent(_ call: Call) throws(TemplateError) -> [UInt8] {
        let width = call.integer(0)
        guard width >= 0 else { throw .function("\(call.name): negative width") }
        let text = call.bytes(1)
        let lines = text.count { $0 == 0x0A } + 1
        let (size, overflow) = lines.multipliedReportingOverflow(by: width)
        try call.evaluator.checkText(bytes: overflow || size > .max - text.count ? .max : size + text.count)
        var output: [UInt8] = []
        output.reserveCapacity(size + text.count)
        output.append(contentsOf: repeatElement(0x20, count: width))
        for byte in text {
            output.append(byte)
            if byte == 0x0A { output.append(contentsOf: repeatElement(0x20, count: width)) }
        }
        return output
    }

    private static func wrap(_ text: [UInt8], _ length: Int, separator: [UInt8], cutsWords: Bool) -> [UInt8] {
        let width = max(1, length)
        var output: [UInt8] = []
        var offset = 0
        while text.count - offset > width {
            if text[offset] == 0x20 {
                offset += 1
                continue
            }
            let window = text[offset...(offset + width)]
            if let space = window.lastIndex(of: 0x20) {
                output += text[offset..<space] + separator
                offset = space + 1
            } else if cutsWords {
                output += text[offset..<(offset + width)] + separator
                offset += width
            } else if let space = text[(offset + width)...].firstIndex(of: 0x20) {
                output += text[offset..<space] + separator
                offset = space + 1
            } else {
                break
            }
        }
        output += text[offset...]
        return output
    }
}
