/// Numbers and texts from other values. What cannot be converted gives zero, not an error.
enum ConversionFunctions {
    static let table: [Function] = [
        Function("int", [.any], "Integer from a number, numeric text, boolean or null.") { call throws(TemplateError) in
            .integer(integer(call[0]), .int)
        },
        Function("int64", [.any], "64-bit integer from a number, numeric text, boolean or null.") {
            call throws(TemplateError) in .int64(integer(call[0]))
        },
        Function("float64", [.any], "Float from a number, numeric text, boolean or null.") {
            call throws(TemplateError) in .double(float(call[0]))
        },
        Function("atoi", [.text], "Decimal text to integer; the limit when it is out of range.") {
            call throws(TemplateError) in .integer(decimal(call.text(0)), .int)
        },
        Function("toDecimal", [.any], "Reads the value's text as an octal number.") { call throws(TemplateError) in
            let text = try call[0].text()
            let digits = text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text[...]
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x37).contains($0) }) else { return .int64(0) }
            return .int64(Int64(text, radix: 8) ?? (text.hasPrefix("-") ? .min : .max))
        },
        Function("toString", [.any], "Default text of a value.") { call throws(TemplateError) in
            .text(try call[0].textBytes())
        },
        Function("toStrings", [.any], "Texts of the non-null list elements; a scalar becomes a list of one.") {
            call throws(TemplateError) in .list(ListBox(try texts(call[0]), elementType: "string"))
        },
    ]

    static func integer(_ value: Value) -> Int64 {
        switch value {
        case .integer(let number, _): return number
        case .double(let number): return clamped(number)
        case .bool(let flag): return flag ? 1 : 0
        case .string(let text): return NumberLiteral.parseInteger(withoutZeroDecimals(Array(text.utf8))) ?? 0
        default: return 0
        }
    }

    /// Texts like `3.00` count as integers.
    private static func withoutZeroDecimals(_ bytes: [UInt8]) -> [UInt8] {
        guard let point = bytes.lastIndex(of: UInt8(ascii: ".")), point > 0, point + 1 < bytes.count,
            bytes[(point + 1)...].allSatisfy({ $0 == 0x30 })
        else { return bytes }
        return Array(bytes[..<point])
    }

    static func clamped(_ number: Double) -> Int64 {
        if number.isNaN { return 0 }
        if number >= 0x1p63 { return .max }
        if number < -0x1p63 { return .min }
        return Int64(number)
    }

    static func float(_ value: Value) -> Double {
        switch value {
        case .integer(let number, _): return Double(number)
        case .double(let number): return number
        case .bool(let flag): return flag ? 1 : 0
        case .string(let text): return NumberLiteral.parseFloat(Array(text.utf8)) ?? infinity(text) ?? 0
        default: return 0
        }
    }

    private static func infinity(_ text: String) -> Double? {
        switch text.lowercased() {
        case "inf", "+inf", "infinity", "+infinity": .infinity
        case "-inf", "-infinity": -.infinity
        case "nan": .nan
        default: nil
        }
    }

    /// The number that a decimal text shows; the limit when it is out of range, zero for other texts.
    static func decimal(_ text: String) -> Int64 {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else { return 0 }
        return Int64(text) ?? (isNegative ? .min : .max)
    }

    /// The texts that list-joining functions work on.
    static func texts(_ value: Value) throws(TemplateError) -> [Value] {
        switch value {
        case .null: return []
        case .list(let list):
            var texts: [Value] = []
            texts.reserveCapacity(list.count)
            for element in list.elements where !element.isNull {
                if case .string = element {
                    texts.append(element)
                } else {
                    texts.append(.text(try element.textBytes()))
                }
            }
            return texts
        default: return [.text(try value.textBytes())]
        }
    }
}
