extension JSONValue {
    /// Digits that a `Double` keeps, unless it is subnormal.
    private static let safeDigits = 15

    /// The value of a number as JSON spells it: an integer, a double, or the digits themselves when neither holds them
    /// without loss.
    ///
    /// Nil when `text` is not exactly one number of RFC 8259, section 6: `+1`, `01`, `.5`, `1.`, `0x1`, `inf` and `" 1"`
    /// are none.
    public init?(number text: String) {
        guard let first = text.utf8.first, first > 0x20, let last = text.utf8.last, last > 0x20,
            case .success(let value) = text.withBytes({
                JSONParser.result(of: $0, limits: JSONLimits(depth: 0, size: .max))
            }),
            value.isNumber
        else { return nil }
        self = value
    }

    /// The value of a number literal that has been checked.
    init(checkedNumber text: String) {
        if let integer = Int64(text), text != "-0" {
            self = .integer(integer)
            return
        }
        guard let double = Double(text), double.isFinite else {
            self = .bigNumber(JSONBigNumber(checked: text))
            return
        }
        let digits = Self.significantDigits(text)
        if digits.isEmpty {
            // A zero however written; a text with other digits that rounds to zero is not one.
            self = .double(double)
        } else if double == 0
            || (digits.count > Self.safeDigits || double.magnitude < .leastNormalMagnitude)
                && digits != Self.significantDigits(double.description)
        {
            self = .bigNumber(JSONBigNumber(checked: text))
        } else {
            self = .double(double)
        }
    }

    /// The digits of the mantissa without leading and trailing zeros.
    private static func significantDigits(_ text: String) -> [UInt8] {
        var digits = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.filter { $0 &- 0x30 <= 9 }
        while digits.last == 0x30 { digits.removeLast() }
        return Array(digits.drop { $0 == 0x30 })
    }
}
