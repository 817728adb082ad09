/// Texts. Lengths and positions are UTF-8 bytes.
enum StringFunctions {
    static let table: [Function] = trimming + parts + searching + filling

    private static let trimAll = Function(
        "trimAll",
        [.text, .text],
        "Removes any of the given characters at both ends."
    ) { call throws(TemplateError) in
        let set = Set(call.text(0).unicodeScalars)
        return .string(trim(call.text(1)) { set.contains($0) })
    }

    private static let trimming: [Function] = [
        Function("trim", [.text], "Removes white space at both ends.") { call throws(TemplateError) in
            .string(trim(call.text(0)) { $0.properties.isWhitespace })
        },
        trimAll, trimAll.renamed("trimall"),
        Function("trimPrefix", [.text, .text], "Removes one prefix if present.") { call throws(TemplateError) in
            let text = Array(call.text(1).utf8)
            let prefix = Array(call.text(0).utf8)
            return .string(text.starts(with: prefix) ? string(text[prefix.count...]) : call.text(1))
        },
        Function("trimSuffix", [.text, .text], "Removes one suffix if present.") { call throws(TemplateError) in
            let text = Array(call.text(1).utf8)
            let suffix = Array(call.text(0).utf8)
            return .string(Bytes.hasSuffix(text, suffix) ? string(text[..<(text.count - suffix.count)]) : call.text(1))
        },
    ]

    private static func trim(_ text: String, _ isTrimmed: (Unicode.Scalar) -> Bool) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isTrimmed(first) { scalars.removeFirst() }
        while let last = scalars.last, isTrimmed(last) { scalars.removeLast() }
        return String(scalars)
    }

    static func string(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Parts

    private static let parts: [Function] = [
        Function("trunc", [.integer, .text], "First n bytes, or the last -n bytes.") { call throws(TemplateError) in
            let bytes = Array(call.text(1).utf8)
            let length = call.integer(0)
            if length < 0 { return .string(length > -bytes.count ? string(bytes.suffix(-length)) : call.text(1)) }
            return .string(length < bytes.count ? string(bytes.prefix(length)) : call.text(1))
        },
        Function("substr", [.integer, .integer, .text], "Bytes start up to end; a negative end means to the end.") {
            call throws(TemplateError) in
            let bytes = Array(call.text(2).utf8)
            let given = (start: call.integer(0), end: call.integer(1))
            let start = max(given.start, 0)
            let end = given.start >= 0 && (given.end < 0 || given.end > bytes.count) ? bytes.count : given.end
            guard start <= end, end <= bytes.count else { throw .function("substr: index out of range") }
            return .string(string(bytes[start..<end]))
        },
        Function("abbrev", [.integer, .text], "Cuts to width bytes, the last three being dots.") {
            call throws(TemplateError) in
            if call.integer(0) < 4 { return call[1] }
            return .string(abbreviate(Array(call.text(1).utf8), from: 0, width: call.integer(0)))
        },
        Function("abbrevboth", [.integer, .integer, .text], "Cuts on both sides around an offset.") {
            call throws(TemplateError) in
            let (offset, width) = (call.integer(0), call.integer(1))
            if width < 4 || (offset > 0 && width < 7) { return call[2] }
            return .string(abbreviate(Array(call.text(2).utf8), from: offset, width: width))
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

    private static func abbreviate(_ bytes: [UInt8], from start: Int, width: Int) -> String {
        guard width >= 4 else { return "" }
        if bytes.count <= width { return string(bytes) }
        var offset = min(start, bytes.count)
        if bytes.count - offset < width - 3 { offset = bytes.count - (width - 3) }
        if offset <= 4 { return string(bytes[..<(width - 3)]) + "..." }
        guard width >= 7 else { return "" }
        if offset + width - 3 < bytes.count {
            return "..." + abbreviate(Array(bytes[offset...]), from: 0, width: width - 3)
        }
        return "..." + string(bytes[(bytes.count - (width - 3))...])
    }

    // MARK: Searching

    private static let searching: [Function] = [
        Function("contains", [.text, .text], "Whether the second string contains the first.") {
            call throws(TemplateError) in
            .bool(Bytes.firstRange(of: Array(call.text(0).utf8), in: Array(call.text(1).utf8), from: 0) != nil)
        },
        Function("hasPrefix", [.text, .text], "Whether the second string starts with the first.") {
            call throws(TemplateError) in .bool(call.text(1).utf8.starts(with: call.text(0).utf8))
        },
        Function("hasSuffix", [.text, .text], "Whether the second string ends with the first.") {
            call throws(TemplateError) in
            .bool(Bytes.hasSuffix(Array(call.text(1).utf8), Array(call.text(0).utf8)))
        },
        Function("replace", [.text, .text, .text], "Replaces every occurrence.") { call throws(TemplateError) in
            let result = Bytes.replace(
                Array(call.text(0).utf8),
                with: Array(call.text(1).utf8),
                in: Array(call.text(2).utf8),
                limit: call.evaluator.context.limits.outputBytes
            )
            try call.evaluator.checkText(bytes: result.count)
            return .string(string(result))
        },
        Function("plural", [.text, .text, .integer], "The first string for exactly 1, otherwise the second.") {
            call throws(TemplateError) in call.integer(2) == 1 ? call[0] : call[1]
        },
    ]

    // MARK: Filling

    private static let filling: [Function] = [
        Function("repeat", [.integer, .text], "The string n times.") { call throws(TemplateError) in
            let text = call.text(1)
            guard call.integer(0) >= 0 else { throw .function("repeat: negative count") }
            let (size, overflow) = text.utf8.count.multipliedReportingOverflow(by: call.integer(0))
            try call.evaluator.checkText(bytes: overflow ? .max : size)
            return .string(String(repeating: text, count: size == 0 ? 0 : call.integer(0)))
        },
        Function("indent", [.integer, .text], "Puts n spaces in front of every line.") { call throws(TemplateError) in
            .string(try indent(call))
        },
        Function("nindent", [.integer, .text], "A newline, then `indent`.") { call throws(TemplateError) in
            .string("\n" + (try indent(call)))
        },
        Function("wrap", [.integer, .text], "Breaks lines at spaces; long words stay whole.") {
            call throws(TemplateError) in
            .string(wrap(Array(call.text(1).utf8), call.integer(0), separator: [0x0A], cutsWords: false))
        },
        Function("wrapWith", [.integer, .text, .text], "Like `wrap` with another separator and long words cut.") {
            call throws(TemplateError) in
            let separator = call.text(1).isEmpty ? [0x0A] : Array(call.text(1).utf8)
            let bytes = Array(call.text(2).utf8)
            let (size, overflow) = bytes.count.multipliedReportingOverflow(by: separator.count + 1)
            try call.evaluator.checkText(bytes: overflow ? .max : size / max(1, min(call.integer(0), 1 << 30)))
            return .string(wrap(bytes, call.integer(0), separator: separator, cutsWords: true))
        },
    ]

    private static func indent(_ call: Call) throws(TemplateError) -> String {
        let width = call.integer(0)
        guard width >= 0 else { throw .function("\(call.name): negative width") }
        let text = Array(call.text(1).utf8)
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
        return string(output)
    }

    private static func wrap(_ text: [UInt8], _ length: Int, separator: [UInt8], cutsWords: Bool) -> String {
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
        return string(output)
    }
}
