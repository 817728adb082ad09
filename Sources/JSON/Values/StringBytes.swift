/// Strings as JSON sees them: sequences of UTF-8 bytes. Swift's own `==` takes canonically equivalent strings as equal
/// (`é` as one scalar and as two), which in JSON are different keys and different values.
extension String {
    /// Whether both have the same UTF-8 bytes.
    @inline(__always)
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return withBytes { left in other.withBytes { right in left.isEqual(to: right) } }
    }

    /// Whether the string comes before the other in the order of their UTF-8 bytes.
    @inline(__always)
    package func precedesByBytes(_ other: String) -> Bool {
        withBytes { left in
            other.withBytes { right in
                let count = Swift.min(left.count, right.count)
                var index = 0
                while index < count {
                    if left[index] != right[index] { return left[index] < right[index] }
                    index &+= 1
                }
                return left.count < right.count
            }
        }
    }

    /// Calls `body` with the string's UTF-8 bytes, without copying those of a native string.
    @inlinable
    @inline(__always)
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let span = utf8.span
        return span.withUnsafeBufferPointer(body)
    }

    /// Feeds the bytes and their number: strings with the same bytes give the same hash, and only chance gives it to others.
    @inline(__always)
    package func hashBytes(into hasher: inout Hasher) {
        withBytes { bytes in
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
            hasher.combine(bytes.count)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether both hold the same bytes.
    @inline(__always)
    func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let left = UnsafeRawBufferPointer(self)
        let right = UnsafeRawBufferPointer(other)
        var index = 0
        while index &+ 8 <= count {
            let a = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if a != right.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
            index &+= 8
        }
        while index < count {
            if self[index] != other[index] { return false }
            index &+= 1
        }
        return true
    }
}
