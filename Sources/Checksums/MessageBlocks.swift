/// The text with the padding that the SHA functions ask for: one bit, zeros, the length in bits.
func padded(_ message: [UInt8], block: Int, lengthBytes: Int) -> [UInt8] {
    var bytes = message
    bytes.append(0x80)
    while bytes.count % block != block - lengthBytes { bytes.append(0) }
    bytes += [UInt8](repeating: 0, count: lengthBytes - 8)
    let bits = UInt64(message.count) * 8
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    return bytes
}

func bigEndian<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
    words.flatMap { word in
        stride(from: Word.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> Word($0)) }
    }
}
