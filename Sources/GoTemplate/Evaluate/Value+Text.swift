import JSON

extension Value {
    /// Appends the text that printing an action gives: null is empty, lists and objects are compact JSON.
    func appendText(to output: inout OutputBuffer) throws(TemplateError) {
        switch self {
        case .null: break
        case .string(let text): output.append(text)
        case .bytes(let bytes): bytes.withUnsafeBufferPointer { output.append($0) }
        case .bool(let flag): output.append(flag ? "true" : "false")
        case .integer(let number, let kind):
            if let word = kind.word(number) { output.append(word) } else { output.append(decimal: number) }
        case .double(let number): FloatText.append(number, to: &output)
        case .time(let time): output.append(time.description)
        case .version(let version): output.append(version.description)
        case .list, .map:
            try JSONText.append(to: &output) { (writer: inout JSONText) throws(TemplateError) in try writer.write(self)
            }
        }
    }

    /// The text inside functions, where null is `<nil>`; U+FFFD for bytes that are no characters.
    func text() throws(TemplateError) -> String {
        switch self {
        case .string(let text): return text
        default: return TextBytes.shown(try textBytes())
        }
    }

    /// The bytes of the text inside functions, where null is `<nil>`.
    func textBytes() throws(TemplateError) -> [UInt8] {
        switch self {
        case .null: return Array("<nil>".utf8)
        case .string(let text): return Array(text.utf8)
        case .bytes(let bytes): return bytes
        default:
            var output = OutputBuffer()
            try appendText(to: &output)
            return Array(output.bytes)
        }
    }

    /// The value outside of templates.
    func json() throws(TemplateError) -> JSONValue {
        var visits = JSONText.visitLimit
        return try json(depth: 0, &visits)
    }

    private func json(depth: Int, _ visits: inout Int) throws(TemplateError) -> JSONValue {
        visits -= 1
        guard visits > 0 else { throw TemplateError(.limit, "value has too many parts") }
        guard depth < JSONText.depthLimit else {
            throw TemplateError(.limit, "value is nested deeper than \(JSONText.depthLimit) levels")
        }
        switch self {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let number, _): return .integer(number)
        case .double(let number): return .double(number)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .string(TextBytes.shown(bytes))
        case .time(let time): return .string(time.rfc3339)
        case .version(let version): return .string(version.description)
        case .list(let list):
            if let pristine = list.pristine { return .array(pristine) }
            var elements: [JSONValue] = []
            elements.reserveCapacity(list.count)
            for element in list.elements { elements.append(try element.json(depth: depth + 1, &visits)) }
            return .array(elements)
        case .map(let map):
            if let pristine = map.pristine { return .object(pristine) }
            var object = JSONObject(minimumCapacity: map.count)
            for key in map.sortedKeys { object[key] = try (map[key] ?? .null).json(depth: depth + 1, &visits) }
            return .object(object)
        }
    }

    /// JSON equality with numbers compared by value; values nested too deeply are different.
    func isEqual(to other: Value) -> Bool {
        var visits = JSONText.visitLimit
        return isEqual(to: other, depth: 0, &visits)
    }

    private func isEqual(to other: Value, depth: Int, _ visits: inout Int) -> Bool {
        visits -= 1
        guard depth < JSONText.depthLimit, visits > 0 else { return false }
        switch (self, other) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): return left == right
        case (.integer(let left, _), .integer(let right, _)): return left == right
        case (.double(let left), .double(let right)): return left == right
        case (.integer(let left, _), .double(let right)), (.double(let right), .integer(let left, _)):
            return Numbers.compare(left, right) == 0
        case (.time(let left), .time(let right)): return left == right
        case (.version(let left), .version(let right)): return left.description == right.description
        case (.list(let left), .list(let right)):
            guard left.count == right.count else { return false }
            if left === right { return true }
            return zip(left.elements, right.elements).allSatisfy { $0.isEqual(to: $1, depth: depth + 1, &visits) }
        case (.map(let left), .map(let right)):
            guard left.count == right.count else { return false }
            if left === right { return true }
            return left.table.allSatisfy { key, value in
                right[key].map { value.isEqual(to: $0, depth: depth + 1, &visits) } ?? false
            }
        default: return false
        }
    }
}

extension IntegerKind {
    /// What Go prints for numbers that have names; nil for all others.
    func word(_ number: Int64) -> String? {
        switch self {
        case .int, .int64, .uint8, .uint64: nil
        case .month: CivilDate.monthName(Int(number))
        case .weekday: CivilDate.weekdays[Int(number)]
        case .duration: DurationText.format(Int(number))
        }
    }
}

enum Numbers {
    /// Negative, zero or positive as the integer is below, equal to or above the float; nil for NaN.
    static func compare(_ integer: Int64, _ double: Double) -> Int? {
        if double.isNaN { return nil }
        if double >= 0x1p63 { return -1 }
        if double < -0x1p63 { return 1 }
        let whole = double.rounded(.towardZero)
        let truncated = Int64(whole)
        if integer != truncated { return integer < truncated ? -1 : 1 }
        let fraction = double - whole
        return fraction > 0 ? -1 : fraction < 0 ? 1 : 0
    }
}
