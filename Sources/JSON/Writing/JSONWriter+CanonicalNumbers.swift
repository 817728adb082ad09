/// Numbers as ECMAScript writes them, with all their digits.
extension JSONWriter {
    mutating func writeCanonical(_ number: Double) {
        guard number.isFinite else { return output.append(word: 0x6C_6C75_6E, size: 4) }
        let short = ShortestDecimal(number)
        guard short.digits != 0 else { return output.append(UInt8(ascii: "0")) }
        if number < 0 { output.append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = short.digits
            var start = digits.count
            while rest != 0 {
                start -= 1
                digits[start] = UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            let all = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(digits)[start...])
            output.appendECMAScript(all, exponent: short.exponent, longExponent: nil)
        }
    }

    mutating func writeCanonical(_ number: JSONBigNumber) {
        let exact = ExactDecimal(text: number.text)
        guard !exact.isZero else { return output.append(UInt8(ascii: "0")) }
        if exact.isNegative { output.append(UInt8(ascii: "-")) }
        exact.digits.withUnsafeBufferPointer { digits in
            output.appendECMAScript(digits, exponent: exact.exponent, longExponent: exact.longExponent)
        }
    }
}

extension OutputBuffer {
    /// Appends `digits` × 10^`exponent`; the digits are values 0...9, neither the first nor the last one is zero.
    ///
    /// Source: ECMA-262, Number::toString, for radix 10, without its restriction to the digits of a double.
    fileprivate mutating func appendECMAScript(
        _ digits: UnsafeBufferPointer<UInt8>,
        exponent: Int,
        longExponent: LongExponent?
    ) {
        // Digits before the point.
        let point = digits.count + exponent
        if let longExponent {
            appendScientific(digits, longExponent)
        } else if point > 21 || point <= -6 {
            appendScientific(digits, LongExponent().adding(point - 1))
        } else if point <= 0 {
            append(word: 0x2E30, size: 2)
            appendZeros(-point)
            appendDigits(digits[...])
        } else if point >= digits.count {
            appendDigits(digits[...])
            appendZeros(point - digits.count)
        } else {
            appendDigits(digits[..<point])
            append(UInt8(ascii: "."))
            appendDigits(digits[point...])
        }
    }

    private mutating func appendScientific(_ digits: UnsafeBufferPointer<UInt8>, _ exponent: LongExponent) {
        appendDigits(digits[..<1])
        if digits.count > 1 {
            append(UInt8(ascii: "."))
            appendDigits(digits[1...])
        }
        append(UInt8(ascii: "e"))
        append(exponent.isNegative ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        for digit in exponent.digits { append(digit + 0x30) }
    }

    private mutating func appendDigits(_ digits: Slice<UnsafeBufferPointer<UInt8>>) {
        for digit in digits { append(digit + 0x30) }
    }

    private mutating func appendZeros(_ count: Int) {
        for _ in 0..<count { append(0x30) }
    }
}
