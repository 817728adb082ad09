import JSON

/// Texts of floats, as Go writes them.
enum FloatText {
    /// Room for a sign, the digits, a point, and zeros or an exponent.
    private static let mostBytes = 64

    /// The default text: exponents below 1e-4 and from 1e6 on.
    static func append(_ value: Double, to output: inout OutputBuffer) {
        guard value.isFinite else { return output.append(value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf") }
        output.reserve(mostBytes)
        if value.sign == .minus { output.put(UInt8(ascii: "-")) }
        let number = ShortestDecimal(value)
        let digits = OutputBuffer.digitCount(number.digits)
        let exponent = digits + number.exponent - 1
        if exponent < -4 || exponent >= 6 {
            putScientific(number, digits, exponent, hasTwoDigits: true, to: &output)
        } else {
            putPlain(number, digits, to: &output)
        }
    }

    /// `1.5`, `1e+06`: what printing an action gives.
    static func general(_ value: Double) -> String {
        var output = OutputBuffer()
        append(value, to: &output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    /// A JSON number: exponents from 1e21 on and below 1e-6 only. JSON has no infinities and no NaN: null.
    static func appendJSON(_ value: Double, to output: inout OutputBuffer) {
        guard value.isFinite else { return output.append("null") }
        output.reserve(mostBytes)
        if value.sign == .minus { output.put(UInt8(ascii: "-")) }
        let number = ShortestDecimal(value)
        let digits = OutputBuffer.digitCount(number.digits)
        if value != 0, value.magnitude < 1e-6 || value.magnitude >= 1e21 {
            putScientific(number, digits, digits + number.exponent - 1, hasTwoDigits: false, to: &output)
        } else {
            putPlain(number, digits, to: &output)
        }
    }

    private static func putScientific(
        _ number: ShortestDecimal,
        _ digits: Int,
        _ exponent: Int,
        hasTwoDigits: Bool,
        to output: inout OutputBuffer
    ) {
        output.putDecimal(number.digits)
        if digits > 1 { output.insertPoint(before: digits - 1) }
        output.put(UInt8(ascii: "e"))
        output.put(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        if hasTwoDigits, abs(exponent) < 10 { output.put(0x30) }
        output.putDecimal(UInt64(exponent.magnitude))
    }

    private static func putPlain(_ number: ShortestDecimal, _ digits: Int, to output: inout OutputBuffer) {
        let point = digits + number.exponent
        if point <= 0 {
            output.put(0x30)
            output.put(UInt8(ascii: "."))
            for _ in 0..<(-point) { output.put(0x30) }
        }
        output.putDecimal(number.digits)
        if number.exponent >= 0 {
            for _ in 0..<number.exponent { output.put(0x30) }
        } else if point > 0 {
            output.insertPoint(before: -number.exponent)
        }
    }
}
