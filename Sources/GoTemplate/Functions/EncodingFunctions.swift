/// Base64 and base32.
enum EncodingFunctions {
    static let table: [Function] = [
        Function("b64enc", [.text], "Base64, standard alphabet with padding.") { call throws(TemplateError) in
            .string(base64(call.bytes(0)))
        },
        Function("b64dec", [.text], "Decodes base64; the text of the error when it is invalid.") {
            call throws(TemplateError) in
            switch decode(call.bytes(0), alphabet: base64Digits, bits: 6, group: 4) {
            case .success(let bytes): .text(bytes)
            case .failure(let place): .string("illegal base64 data at input byte \(place.offset)")
            }
        },
        Function("b32enc", [.text], "Base32, standard alphabet with padding.") { call throws(TemplateError) in
            .string(encode(call.bytes(0), alphabet: Base32.alphabet, bits: 5, group: 8))
        },
        Function("b32dec", [.text], "Decodes base32; the text of the error when it is invalid.") {
            call throws(TemplateError) in
            switch Base32.decode(call.bytes(0)) {
            case .success(let bytes): .text(bytes)
            case .failure(let place): .string("illegal base32 data at input byte \(place.offset)")
            }
        },
    ]

    static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8], alphabet: [UInt8], bits: Int, group: Int) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 8 / bits + group)
        var buffer = 0
        var held = 0
        let mask = (1 << bits) - 1
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            held += 8
            while held >= bits {
                held -= bits
                output.append(alphabet[buffer >> held & mask])
            }
        }
        if held > 0 { output.append(alphabet[buffer << (bits - held) & mask]) }
        while output.count % group != 0 { output.append(UInt8(ascii: "=")) }
        return String(decoding: output, as: UTF8.self)
    }

    static func base64(_ bytes: [UInt8]) -> String { encode(bytes, alphabet: base64Digits, bits: 6, group: 4) }

    /// Nil when the text is no base64.
    static func fromBase64(_ text: [UInt8]) -> [UInt8]? {
        if case .success(let bytes) = decode(text, alphabet: base64Digits, bits: 6, group: 4) { bytes } else { nil }
    }

    struct BadInput: Error { var offset: Int }

    /// Line ends are skipped, as in Go; the offset of an error is that of the first byte that does not fit.
    private static func decode(
        _ bytes: [UInt8],
        alphabet: [UInt8],
        bits: Int,
        group: Int
    ) -> Result<[UInt8], BadInput> {
        var digits = [UInt8](repeating: 0xFF, count: 256)
        for (value, letter) in alphabet.enumerated() { digits[Int(letter)] = UInt8(value) }
        let input = bytes.enumerated().filter { $0.element != 0x0A && $0.element != 0x0D }
        var output: [UInt8] = []
        var buffer = 0
        var held = 0
        var index = 0
        while index < input.count {
            let (offset, byte) = input[index]
            if byte == UInt8(ascii: "=") {
                return finish(input, index, group, bits, output, end: bytes.count)
            }
            guard digits[Int(byte)] != 0xFF else { return .failure(BadInput(offset: offset)) }
            buffer = (buffer << bits | Int(digits[Int(byte)])) & 0xFFFF
            held += bits
            if held >= 8 {
                held -= 8
                output.append(UInt8(truncatingIfNeeded: buffer >> held))
            }
            index += 1
        }
        // A group that ends early: Go names the place where the group begins, or the end of the text.
        guard input.count % group == 0 else {
            return .failure(BadInput(offset: bytes.count - input.count % group))
        }
        return .success(output)
    }

    private static func finish(
        _ input: [(offset: Int, element: UInt8)],
        _ index: Int,
        _ group: Int,
        _ bits: Int,
        _ output: [UInt8],
        end: Int
    ) -> Result<[UInt8], BadInput> {
        let position = index % group
        let allowed = bits == 6 ? [2, 3] : [2, 4, 5, 7]
        guard allowed.contains(position) else { return .failure(BadInput(offset: input[index].offset)) }
        let padding = group - position
        for step in 0..<padding where index + step >= input.count || input[index + step].element != UInt8(ascii: "=") {
            return .failure(BadInput(offset: index + step < input.count ? input[index + step].offset : end))
        }
        guard index + padding == input.count else {
            return .failure(BadInput(offset: input[index + padding].offset))
        }
        return .success(output)
    }
}

/// Base32 as RFC 4648 has it; line ends don't count.
enum Base32 {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The offset of an error is that of the byte that Go names, in the text without its line ends.
    static func decode(_ text: [UInt8]) -> Result<[UInt8], EncodingFunctions.BadInput> {
        let input = text.filter { $0 != 0x0A && $0 != 0x0D }
        func bad(_ offset: Int) -> Result<[UInt8], EncodingFunctions.BadInput> { .failure(.init(offset: offset)) }
        var output: [UInt8] = []
        var index = 0
        while index < input.count {
            var digits: [UInt64] = []
            var isLast = false
            while digits.count < 8, !isLast {
                guard index < input.count else { return bad(input.count - digits.count) }
                let byte = input[index]
                index += 1
                let rest = input.count - index
                if byte == UInt8(ascii: "="), digits.count >= 2, rest < 8 {
                    if rest + digits.count < 7 { return bad(input.count) }
                    for step in 0..<(7 - digits.count) where step < rest && input[index + step] != byte {
                        return bad(index + step - 1)
                    }
                    if [3, 6].contains(digits.count) { return bad(index - 1) }
                    isLast = true
                } else {
                    guard let digit = alphabet.firstIndex(of: byte) else { return bad(index - 1) }
                    digits.append(UInt64(digit))
                }
            }
            let bits = digits.reduce(0) { $0 << 5 | $1 } << UInt64((8 - digits.count) * 5)
            for position in 0..<(digits.count * 5 / 8) {
                output.append(UInt8(truncatingIfNeeded: bits >> UInt64(32 - position * 8)))
            }
            if isLast { break }
        }
        return .success(output)
    }
}
