/// Reads the numbers of a Unicode table: five bits to a character from '0' on, lowest first, all but the last plus 32.
struct TableReader {
    private let text: StaticString
    private var offset = 0

    init(_ text: StaticString) { self.text = text }

    /// The next number; nil at the end.
    mutating func next() -> UInt32? {
        text.withUTF8Buffer { bytes in
            var value: UInt32 = 0
            var shift: UInt32 = 0
            while offset < bytes.count {
                let byte = bytes[offset]
                offset += 1
                // The tables are broken into lines.
                guard byte >= 0x30 else { continue }
                let digit = UInt32(byte) - 0x30
                value |= (digit & 31) << shift
                if digit < 32 { return value }
                shift += 5
            }
            return nil
        }
    }
}
