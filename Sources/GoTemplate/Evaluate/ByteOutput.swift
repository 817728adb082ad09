import JSON

extension [UInt8] {
    /// Appends a text as it lies in memory.
    mutating func append(_ text: String) {
        text.withBytes { append(contentsOf: $0) }
    }
}

extension OutputBuffer {
    /// Appends a part of other bytes.
    mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
        bytes.withUnsafeBufferPointer { append(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Appends a number of two digits.
    mutating func append(twoDigits number: Int) {
        reserve(2)
        put(UInt8(truncatingIfNeeded: 0x30 + number / 10))
        put(UInt8(truncatingIfNeeded: 0x30 + number % 10))
    }
}
