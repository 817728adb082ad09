/// SHA-1. Source: FIPS 180-4.
package enum SHA1 {
    /// Twenty bytes.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        let bytes = padded(message, block: 64, lengthBytes: 8)
        for start in stride(from: 0, to: bytes.count, by: 64) {
            var words = SHA2.words(bytes, at: start, as: UInt32.self)
            for index in 16..<80 {
                let word = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
                words.append(rotate(word, 1))
            }
            var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
            for (index, word) in words.enumerated() {
                let mixed: UInt32
                let constant: UInt32
                switch index / 20 {
                case 0: (mixed, constant) = ((b & c) | (~b & d), 0x5A82_7999)
                case 1: (mixed, constant) = (b ^ c ^ d, 0x6ED9_EBA1)
                case 2: (mixed, constant) = ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (mixed, constant) = (b ^ c ^ d, 0xCA62_C1D6)
                }
                let next = rotate(a, 5) &+ mixed &+ e &+ constant &+ word
                (e, d, c, b, a) = (d, c, rotate(b, 30), a, next)
            }
            for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
        }
        return bigEndian(state)
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
