import JSON

extension [UInt8] {
    /// Appends a text as it lies in memory.
    mutating func append(_ text: String) {
        text.withBytes { append(contentsOf: $0) }
    }

    /// Appends a part of other bytes.
    mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Appends an integer's digits.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        if rest < 10 { return append(0x30 + UInt8(truncatingIfNeeded: rest)) }
        var count = 0
        var power = rest
        while power > 0 {
            power /= 10
            count += 1
        }
        let end = self.count + count
        append(contentsOf: repeatElement(0x30, count: count))
        var index = end - 1
        while rest > 0 {
            self[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            index -= 1
        }
    }
}
