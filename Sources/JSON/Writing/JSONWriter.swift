/// Writes values as UTF-8. Escapes only what JSON requires: quotes, backslashes and control characters.
struct JSONWriter: ~Copyable {
    private let format: JSONFormat
    private let indentation: Int?
    var output: OutputBuffer
    /// Bits of all bytes of strings so far.
    var seen: UInt64 = 0
    private var level = 0

    init(format: JSONFormat, output: consuming OutputBuffer = OutputBuffer(capacity: 1024)) {
        self.format = format
        self.output = output
        indentation = format.indentation.map { max(0, min($0, JSONFormat.maximumIndentation)) }
    }

    /// Whether everything so far is ASCII.
    var isASCII: Bool { seen & WordScan.highBits == 0 }

    @inline(never)
    mutating func write(_ value: JSONValue) {
        switch value {
        case .string(let text): write(text)
        case .integer(let number): write(number)
        case .object(let object): write(object)
        case .array(let elements): write(elements)
        case .bool(let flag): output.append(word: flag ? 0x65_7572_74 : 0x65_736C_6166, size: flag ? 4 : 5)
        case .null: output.append(word: 0x6C_6C75_6E, size: 4)
        case .double(let number): if format.isCanonical { writeCanonical(number) } else { write(number) }
        case .bigNumber(let number):
            if format.isCanonical { writeCanonical(number) } else { output.append(number.text) }
        }
    }

    private mutating func write(_ elements: [JSONValue]) {
        guard !elements.isEmpty else { return output.append(word: 0x5D5B, size: 2) }
        output.append(UInt8(ascii: "["))
        level += 1
        elements.withHeld { elements in
            for index in 0..<elements.count {
                beginItem(isFirst: index == 0)
                elements[index].write(to: &self)
            }
        }
        level -= 1
        breakLine()
        output.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        guard !object.isEmpty else { return output.append(word: 0x7D7B, size: 2) }
        output.append(UInt8(ascii: "{"))
        level += 1
        if format.sortsKeys { write(sorted(object)) } else { write(object.members) }
        level -= 1
        breakLine()
        output.append(UInt8(ascii: "}"))
    }

    @inline(__always)
    private mutating func write(_ members: ContiguousArray<JSONObject.Member>) {
        members.withHeld { members in
            for index in 0..<members.count {
                beginItem(isFirst: index == 0)
                members[index].write(to: &self)
            }
        }
    }

    private func sorted(_ object: JSONObject) -> ContiguousArray<JSONObject.Member> {
        ContiguousArray(
            format.isCanonical ? object.members.sorted(by: JSONObject.precedesInUTF16) : object.sortedMembers
        )
    }

    @inline(__always)
    fileprivate mutating func writeMember(_ key: String, _ value: JSONValue) {
        write(key)
        output.append(UInt8(ascii: ":"))
        if indentation != nil { output.append(UInt8(ascii: " ")) }
        write(value)
    }

    @inline(__always)
    private mutating func beginItem(isFirst: Bool) {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        if indentation != nil { breakLine() }
    }

    private mutating func breakLine() {
        guard let indentation else { return }
        let width = indentation * level
        output.reserve(width + 1)
        output.put(0x0A)
        for _ in 0..<width { output.put(0x20) }
    }
}

extension HeldValue {
    @inline(__always)
    fileprivate borrowing func write(to writer: inout JSONWriter) { writer.write(value) }
}

extension HeldMember {
    @inline(__always)
    fileprivate borrowing func write(to writer: inout JSONWriter) { writer.writeMember(member.key, member.value) }
}

extension JSONObject {
    /// Members ordered by key, byte by byte.
    var sortedMembers: [Member] { members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }

    /// The order of RFC 8785, section 3.2.3.
    static func precedesInUTF16(_ left: Member, _ right: Member) -> Bool {
        left.key.utf16.lexicographicallyPrecedes(right.key.utf16)
    }
}
