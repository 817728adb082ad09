import JSON

/// Texts of floats, as Go writes them.
enum FloatText {
    /// Shortest digits that give the value back, and the place of the decimal point: 0.d1d2d3… × 10^point.
    static func shortest(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
        let number = ShortestDecimal(magnitude)
        var digits: [UInt8] = []
        digits.append(decimal: Int64(number.digits))
        return (digits, number.digits == 0 ? 1 : digits.count + number.exponent)
    }

    /// The default text: exponents below 1e-4 and from 1e6 (or what `limit` says) on.
    static func append(_ value: Double, to output: inout [UInt8], exponentFrom limit: Int = 6) {
        guard value.isFinite else {
            output.append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf").utf8)
            return
        }
        if value.sign == .minus { output.append(UInt8(ascii: "-")) }
        let (digits, point) = shortest(value.magnitude)
        let exponent = value == 0 ? 0 : point - 1
        if exponent < -4 || exponent >= limit {
            appendExponent(digits, exponent, to: &output, twoDigits: true)
        } else {
            appendPlain(digits, point, to: &output)
        }
    }

    /// `1.5`, `1e+06`: what printing an action gives.
    static func general(_ value: Double) -> String {
        var output: [UInt8] = []
        append(value, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// A JSON number: exponents from 1e21 on and below 1e-6 only. JSON has no infinities and no NaN: null.
    static func appendJSON(_ value: Double, to output: inout [UInt8]) {
        guard value.isFinite else { return output.append(contentsOf: "null".utf8) }
        if value.sign == .minus { output.append(UInt8(ascii: "-")) }
        let (digits, point) = shortest(value.magnitude)
        if value != 0, value.magnitude < 1e-6 || value.magnitude >= 1e21 {
            appendExponent(digits, point - 1, to: &output, twoDigits: false)
        } else {
            appendPlain(digits, point, to: &output)
        }
    }

    static func appendExponent(_ digits: [UInt8], _ exponent: Int, to output: inout [UInt8], twoDigits: Bool) {
        output.append(digits[0])
        if digits.count > 1 {
            output.append(UInt8(ascii: "."))
            output.append(contentsOf: digits[1...])
        }
        output.append(UInt8(ascii: "e"))
        output.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        if twoDigits, abs(exponent) < 10 { output.append(0x30) }
        output.append(contentsOf: String(abs(exponent)).utf8)
    }

    static func appendPlain(_ digits: [UInt8], _ point: Int, to output: inout [UInt8]) {
        if point <= 0 {
            output.append(contentsOf: "0.".utf8)
            output.append(contentsOf: repeatElement(0x30, count: -point))
            output.append(contentsOf: digits)
            return
        }
        if point >= digits.count {
            output.append(contentsOf: digits)
            output.append(contentsOf: repeatElement(0x30, count: point - digits.count))
            return
        }
        output.append(contentsOf: digits[..<point])
        output.append(UInt8(ascii: "."))
        output.append(contentsOf: digits[point...])
    }
}
