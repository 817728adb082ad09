import Checksums
import JSON

/// Writes values as JSON into a byte buffer, keys in byte order.
struct JSONText: ~Copyable {
    enum Escaping {
        /// Only what JSON asks for.
        case plain
        /// Also U+2028 and U+2029.
        case lineSeparators
        /// Also `<`, `>` and `&`.
        case html
    }

    /// Values that contain themselves end here.
    static let depthLimit = 300
    /// UTF-8 bytes; lists that hold the same list twice, again and again, end here.
    static let sizeLimit = 64 << 20
    /// Values that a conversion or a comparison visits at most.
    static let visitLimit = 4_000_000

    private var output = OutputBuffer()
    let escaping: Escaping
    /// Spaces per level; nil for one line without spaces.
    let indentation: Int?
    private var level = 0

    init(escaping: Escaping = .plain, indentation: Int? = nil) {
        self.escaping = escaping
        self.indentation = indentation
    }

    static func text(
        _ value: Value,
        escaping: Escaping = .plain,
        indentation: Int? = nil
    ) throws(TemplateError)
        -> String
    {
        var writer = JSONText(escaping: escaping, indentation: indentation)
        try writer.write(value)
        return String(decoding: writer.output.bytes, as: UTF8.self)
    }

    /// Lets `body` write behind what is in `output`.
    static func append(
        to output: inout OutputBuffer,
        _ body: (inout JSONText) throws(TemplateError) -> Void
    ) throws(TemplateError) {
        var writer = JSONText()
        swap(&writer.output, &output)
        defer { swap(&writer.output, &output) }
        try body(&writer)
    }

    private mutating func enter(_ bracket: UInt8) throws(TemplateError) {
        guard level < Self.depthLimit else {
            throw TemplateError(.limit, "value is nested deeper than \(Self.depthLimit) levels")
        }
        guard output.count <= Self.sizeLimit else {
            throw TemplateError(.limit, "text is longer than the limit of \(Self.sizeLimit) bytes")
        }
        output.append(bracket)
        level += 1
    }

    private mutating func leave(_ bracket: UInt8, isEmpty: Bool) {
        level -= 1
        if !isEmpty { breakLine() }
        output.append(bracket)
    }

    private mutating func breakLine() {
        guard let indentation else { return }
        output.append(0x0A)
        for _ in 0..<(indentation * level) { output.append(0x20) }
    }

    private mutating func separate(_ isFirst: Bool) {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func writeKey(_ key: String) {
        write(key)
        output.append(UInt8(ascii: ":"))
        if indentation != nil { output.append(0x20) }
    }

    mutating func write(_ value: Value) throws(TemplateError) {
        switch value {
        case .null: output.append("null")
        case .bool(let flag): output.append(flag ? "true" : "false")
        case .integer(let number, _): output.append(decimal: number)
        case .double(let number): FloatText.appendJSON(number, to: &output)
        case .string(let text): write(text)
        case .bytes(let bytes): write(bytes)
        case .time(let time): write(time.rfc3339)
        case .version(let version): write(version.description)
        case .list(let list):
            if list.isNil, escaping != .plain { return output.append("null") }
            if let pristine = list.pristine { return try write(.array(pristine)) }
            try enter(UInt8(ascii: "["))
            for (index, element) in list.elements.enumerated() {
                separate(index == 0)
                try write(element)
            }
            leave(UInt8(ascii: "]"), isEmpty: list.count == 0)
        case .map(let map):
            if let pristine = map.pristine { return try write(.object(pristine)) }
            try enter(UInt8(ascii: "{"))
            for (index, key) in map.sortedKeys.enumerated() {
                separate(index == 0)
                writeKey(key)
                try write(map[key] ?? .null)
            }
            leave(UInt8(ascii: "}"), isEmpty: map.count == 0)
        }
    }

    mutating func write(_ json: JSONValue) throws(TemplateError) {
        switch json {
        case .null: output.append("null")
        case .bool(let flag): output.append(flag ? "true" : "false")
        case .integer(let number): output.append(decimal: number)
        case .double(let number): FloatText.appendJSON(number, to: &output)
        case .bigNumber(let number): output.append(number.text)
        case .string(let text): write(text)
        case .array(let elements):
            try enter(UInt8(ascii: "["))
            let held = elements.held
            for index in 0..<held.count {
                separate(index == 0)
                try held[index].write(to: &self)
            }
            leave(UInt8(ascii: "]"), isEmpty: elements.isEmpty)
        case .object(let object):
            try enter(UInt8(ascii: "{"))
            let held = object.held
            let order = object.positionsByKey
            for index in 0..<held.count {
                separate(index == 0)
                try held[order?[index] ?? index].write(to: &self)
            }
            leave(UInt8(ascii: "}"), isEmpty: object.isEmpty)
        }
    }

    fileprivate mutating func writeMember(_ key: String, _ value: JSONValue) throws(TemplateError) {
        writeKey(key)
        try write(value)
    }

    mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        text.withBytes { writeContents($0) }
        output.append(UInt8(ascii: "\""))
    }

    /// Writes what stands between the quotes: eight bytes at a time for as long as there is nothing special among them.
    private mutating func writeContents(_ bytes: UnsafeBufferPointer<UInt8>) {
        output.reserve(bytes.count &+ 8)
        var index = 0
        while index &+ 8 <= bytes.count {
            let word = bytes.word(at: index)
            guard !isSpecial(word) else { return writeEscaped(bytes, from: index) }
            output.put(word, size: 8)
            index &+= 8
        }
        let rest = bytes.count &- index
        guard rest > 0 else { return }
        let word = bytes.lastWord(count: rest)
        // The bytes behind the last one are zero, which only looks special.
        guard !isSpecial(word | ~0 &<< UInt64(rest &* 8) & WordScan.letters) else {
            return writeEscaped(bytes, from: index)
        }
        output.put(word, size: rest)
    }

    /// Whether a byte is among the eight that may have to be escaped.
    @inline(__always)
    private func isSpecial(_ word: UInt64) -> Bool {
        WordScan.stops(word) != 0 || (escaping != .plain && WordScan.markup(word) != 0)
    }

    @inline(never)
    private mutating func writeEscaped(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int) {
        var index = first
        while index < bytes.count {
            let byte = bytes[index]
            guard isEscaped(byte, bytes, index) else {
                output.append(byte)
                index += 1
                continue
            }
            if byte == 0xE2 {
                output.append(bytes[index + 2] == 0xA8 ? "\\u2028" : "\\u2029")
                index += 3
            } else {
                writeEscape(byte)
                index += 1
            }
        }
    }

    private func isEscaped(_ byte: UInt8, _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        switch byte {
        case 0xE2:
            escaping != .plain && index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] | 1 == 0xA9
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): escaping == .html
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): true
        default: false
        }
    }

    /// A stray byte is U+FFFD, which the JSON functions write as an escape.
    private mutating func write(_ bytes: [UInt8]) {
        output.append(UInt8(ascii: "\""))
        bytes.withUnsafeBufferPointer { buffer in
            for unit in TextBytes.Units(bytes) {
                if unit.scalar == nil {
                    output.append(escaping == .plain ? "\u{FFFD}" : "\\ufffd")
                } else {
                    writeContents(UnsafeBufferPointer(rebasing: buffer[unit.range]))
                }
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x09: output.append(UInt8(ascii: "t"))
        default:
            output.append("u00")
            output.append(Hexadecimal.digit(byte >> 4))
            output.append(Hexadecimal.digit(byte & 15))
        }
    }
}

extension HeldValue {
    fileprivate borrowing func write(to writer: inout JSONText) throws(TemplateError) { try writer.write(value) }
}

extension HeldMember {
    fileprivate borrowing func write(to writer: inout JSONText) throws(TemplateError) {
        try writer.writeMember(member.key, member.value)
    }
}
