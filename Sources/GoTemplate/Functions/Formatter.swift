import JSON

/// `printf`: a format with its arguments. Bad verbs and missing arguments show in the text, they are no errors.
struct Formatter: ~Copyable {
    /// Widths and precisions above this count as bad.
    private static let numberLimit = 1_000_000

    private let format: [UInt8]
    /// Valid while the formatter is used.
    private let arguments: UnsafeBufferPointer<Value>
    private let limit: Int
    private var index = 0
    private var argument = 0
    private var isReordered = false
    private var isGoodArgument = true
    var output = VerbOutput()

    /// - Parameter limit: UTF-8 bytes of the result.
    init(_ format: [UInt8], _ arguments: UnsafeBufferPointer<Value>, limit: Int) {
        self.format = format
        self.arguments = arguments
        self.limit = limit
        output.bytes.reserve(format.count + arguments.count * 8 + 16)
    }

    mutating func run() throws(TemplateError) -> Value {
        while index < format.count {
            let start = index
            while index < format.count, format[index] != UInt8(ascii: "%") { index += 1 }
            output.bytes.append(format, start..<index)
            guard index < format.count else { break }
            index += 1
            try formatVerb()
            guard output.bytes.count <= limit else {
                throw TemplateError(.limit, "printf: text is longer than the limit of \(limit) bytes")
            }
        }
        if !isReordered, argument < arguments.count { try writeExtra() }
        return .text(output.bytes.bytes)
    }

    private mutating func formatVerb() throws(TemplateError) {
        output.flags = VerbFlags()
        isGoodArgument = true
        readFlags()
        var isAfterIndex = readIndex()
        isAfterIndex = readWidth(isAfterIndex)
        isAfterIndex = readPrecision(isAfterIndex)
        if !isAfterIndex { _ = readIndex() }
        guard let verb = readVerb() else { return output.write("%!(NOVERB)") }
        if verb == "%" {
            output.write("%")
        } else if !isGoodArgument {
            output.write("%!\(verb)(BADINDEX)")
        } else if argument >= arguments.count {
            output.write("%!\(verb)(MISSING)")
        } else {
            let value = arguments[argument]
            argument += 1
            if verb == "v" || verb == "w" {
                output.flags.isGoSyntax = output.flags.isSharp
                output.flags.isSharp = false
                output.flags.hasPlus = false
            }
            try output.write(value, verb)
        }
    }

    private mutating func writeExtra() throws(TemplateError) {
        output.flags = VerbFlags()
        output.write("%!(EXTRA ")
        for (position, value) in arguments[argument...].enumerated() {
            if position > 0 { output.write(", ") }
            if value.isNull {
                output.write("<nil>")
            } else {
                output.write(value.typeName + "=")
                try output.write(value, "v")
            }
        }
        output.write(")")
    }

    // MARK: Reading

    private mutating func readVerb() -> Unicode.Scalar? {
        guard index < format.count else { return nil }
        if format[index] < 0x80 {
            index += 1
            return Unicode.Scalar(format[index - 1])
        }
        var decoder = UTF8()
        var iterator = format[index...].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            index += 1
            return "\u{FFFD}"
        }
        index += UTF8.width(scalar)
        return scalar
    }

    private mutating func readFlags() {
        while index < format.count {
            switch format[index] {
            case UInt8(ascii: "#"): output.flags.isSharp = true
            case UInt8(ascii: "0"): output.flags.isZero = true
            case UInt8(ascii: "+"): output.flags.hasPlus = true
            case UInt8(ascii: "-"): output.flags.isLeft = true
            case UInt8(ascii: " "): output.flags.hasSpace = true
            default: return
            }
            index += 1
        }
    }

    /// Reads digits; nil when there are none or the number is too large.
    private mutating func readNumber(upTo end: Int) -> Int? {
        var value: Int?
        while index < end, format[index] &- 0x30 <= 9 {
            let next = (value ?? 0) * 10 + Int(format[index] - 0x30)
            index += 1
            if next > Self.numberLimit { return nil }
            value = next
        }
        return value
    }

    /// Reads `[n]` and makes that argument the next; whether a well-formed index was there.
    private mutating func readIndex() -> Bool {
        guard index < format.count, format[index] == UInt8(ascii: "[") else { return false }
        isReordered = true
        guard format.count - index >= 3, let close = format[index...].firstIndex(of: UInt8(ascii: "]")) else {
            isGoodArgument = false
            index += 1
            return false
        }
        index += 1
        let number = readNumber(upTo: close)
        let isWellFormed = number != nil && index == close
        index = close + 1
        guard let number, isWellFormed, number >= 1, number <= arguments.count else {
            isGoodArgument = false
            return isWellFormed
        }
        argument = number - 1
        return true
    }

    private mutating func readStar() -> Int? {
        index += 1
        guard argument < arguments.count else { return nil }
        let value = arguments[argument]
        argument += 1
        guard case .integer(let number, _) = value, abs(Double(number)) <= Double(Self.numberLimit) else { return nil }
        return Int(number)
    }

    private mutating func readWidth(_ isAfterIndex: Bool) -> Bool {
        guard index < format.count else { return isAfterIndex }
        if format[index] == UInt8(ascii: "*") {
            if let width = readStar() {
                output.flags.width = abs(width)
                if width < 0 {
                    output.flags.isLeft = true
                    output.flags.isZero = false
                }
            } else {
                output.write("%!(BADWIDTH)")
            }
            return false
        }
        output.flags.width = readNumber(upTo: format.count)
        if isAfterIndex, output.flags.width != nil { isGoodArgument = false }
        return isAfterIndex
    }

    private mutating func readPrecision(_ isAfterIndex: Bool) -> Bool {
        // A point at the very end is the verb.
        guard index + 1 < format.count, format[index] == UInt8(ascii: ".") else { return isAfterIndex }
        index += 1
        if isAfterIndex { isGoodArgument = false }
        let isAfterIndex = readIndex()
        if index < format.count, format[index] == UInt8(ascii: "*") {
            if let precision = readStar(), precision >= 0 {
                output.flags.precision = precision
            } else {
                output.write("%!(BADPREC)")
            }
            return false
        }
        output.flags.precision = readNumber(upTo: format.count) ?? 0
        return isAfterIndex
    }
}
