/// A text's bytes as two machine words and a length, so that most names are compared without looking at their bytes.
///
/// Up to 16 bytes of UTF-8 the three fields say everything; longer texts with equal fields have to be compared in full.
struct KeyWords: Hashable {
    var head: UInt64
    var tail: UInt64
    var length: Int

    /// Bytes that the two words hold.
    static let complete = 16

    @inline(__always)
    init(_ text: String) {
        self =
            text.utf8.withContiguousStorageIfAvailable { KeyWords(bytes: UnsafeRawBufferPointer($0)) }
            ?? Array(text.utf8).withUnsafeBytes { KeyWords(bytes: $0) }
    }

    @inline(__always)
    init(bytes: UnsafeRawBufferPointer) {
        length = bytes.count
        tail = 0
        switch bytes.count {
        case 8...:
            head = bytes.loadUnaligned(as: UInt64.self)
            tail = bytes.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
        case 4...:
            let first = bytes.loadUnaligned(as: UInt32.self)
            let last = bytes.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self)
            head = UInt64(first) | UInt64(last) << 32
        case 1...:
            // First, middle and last byte are all there is.
            head = UInt64(bytes[0]) | UInt64(bytes[length / 2]) << 8 | UInt64(bytes[length - 1]) << 16
        default:
            head = 0
        }
    }

    /// Not known outside this process, so that nobody can choose names that collide.
    static let seed = UInt64(bitPattern: Int64(Hasher().finalize())) | 1

    /// A number whose upper bits are well mixed. Long texts that differ in the middle only need `bytesHash` besides.
    @inline(__always)
    func mixed(seed: UInt64) -> UInt64 {
        let word = (head ^ seed) &* 0x9E37_79B9_7F4A_7C15 ^ (tail &+ UInt64(truncatingIfNeeded: length)) &* seed
        return word ^ (word >> 29) &* 0xBF58_476D_1CE4_E5B9
    }
}

/// Compares texts by their bytes: unlike `==`, two ways to write the same accented letter differ.
@inline(__always)
func isSameText(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    let words = KeyWords(left)
    guard words == KeyWords(right) else { return false }
    return words.length <= KeyWords.complete || haveSameBytes(left, right)
}

/// Compares two texts of the same length byte by byte.
func haveSameBytes(_ left: String, _ right: String) -> Bool {
    let result = left.utf8.withContiguousStorageIfAvailable { left in
        right.utf8.withContiguousStorageIfAvailable { right in
            let left = UnsafeRawBufferPointer(left)
            let right = UnsafeRawBufferPointer(right)
            var offset = 0
            while offset + 8 <= left.count {
                guard
                    left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                        == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                else { return false }
                offset += 8
            }
            while offset < left.count {
                guard left[offset] == right[offset] else { return false }
                offset += 1
            }
            return true
        }
    }
    return (result ?? nil) ?? left.utf8.elementsEqual(right.utf8)
}
