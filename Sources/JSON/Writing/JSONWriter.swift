/// How a value is written.
public struct JSONFormat: Sendable {
    /// Spaces of one level; nil writes everything on one line without spaces.
    public var indentation: Int?
    /// Orders members by key, byte by byte, instead of as they are.
    public var sortsKeys: Bool

    public static let compact = JSONFormat(indentation: nil, sortsKeys: false)
    public static let canonical = JSONFormat(indentation: nil, sortsKeys: true)
    public static let pretty = JSONFormat(indentation: 2, sortsKeys: false)

    public init(indentation: Int?, sortsKeys: Bool) {
        self.indentation = indentation
        self.sortsKeys = sortsKeys
    }
}

extension JSONValue {
    public func text(_ format: JSONFormat = .compact) -> String {
        String(decoding: bytes(format), as: UTF8.self)
    }

    public func bytes(_ format: JSONFormat = .compact) -> [UInt8] {
        var writer = JSONWriter(format: format)
        writer.write(self)
        return writer.output
    }

    /// Appends the compact form; for writers that build a message around it.
    public func write(to output: inout [UInt8]) {
        var writer = JSONWriter(format: .compact)
        swap(&writer.output, &output)
        writer.write(self)
        swap(&writer.output, &output)
    }
}

extension JSONObject {
    public func text(_ format: JSONFormat = .compact) -> String { JSONValue.object(self).text(format) }
}

/// Writes values as UTF-8. Escapes only what JSON requires: quotes, backslashes and control characters.
struct JSONWriter {
    let format: JSONFormat
    var output: [UInt8] = []
    private var level = 0

    init(format: JSONFormat) { self.format = format }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let number): output.append(contentsOf: String(number).utf8)
        case .double(let number): write(number)
        case .bigNumber(let digits): output.append(contentsOf: digits.utf8)
        case .string(let text): write(text)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        }
    }

    /// JSON has no infinities and no NaN: they are written as null.
    private mutating func write(_ number: Double) {
        guard number.isFinite else { return append("null") }
        output.append(contentsOf: number.description.utf8)
    }

    private mutating func write(_ elements: [JSONValue]) {
        output.append(UInt8(ascii: "["))
        level += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            breakLine()
            write(element)
        }
        level -= 1
        if !elements.isEmpty { breakLine() }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        output.append(UInt8(ascii: "{"))
        level += 1
        var isFirst = true
        func separator(_ writer: inout JSONWriter) {
            if !isFirst { writer.output.append(UInt8(ascii: ",")) }
            isFirst = false
        }
        if format.sortsKeys {
            for (key, value) in object.sortedByKey {
                separator(&self)
                writeMember(key, value)
            }
        } else {
            for (key, value) in object {
                separator(&self)
                writeMember(key, value)
            }
        }
        level -= 1
        if !object.isEmpty { breakLine() }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func writeMember(_ key: String, _ value: JSONValue) {
        breakLine()
        write(key)
        output.append(UInt8(ascii: ":"))
        if format.indentation != nil { output.append(UInt8(ascii: " ")) }
        write(value)
    }

    private mutating func breakLine() {
        guard let indentation = format.indentation else { return }
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: indentation * level))
    }

    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        var copy = text
        copy.withUTF8 { bytes in
            var start = 0
            for index in 0..<bytes.count {
                let byte = bytes[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                output.append(contentsOf: bytes[start..<index])
                writeEscape(byte)
                start = index + 1
            }
            output.append(contentsOf: bytes[start...])
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
            append("u00")
            let digits: StaticString = "0123456789abcdef"
            output.append(digits.utf8Start[Int(byte >> 4)])
            output.append(digits.utf8Start[Int(byte & 15)])
        }
    }

    private mutating func append(_ text: StaticString) {
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
