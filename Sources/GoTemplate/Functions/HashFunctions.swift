import Checksums

/// Checksums of texts, in lower-case hexadecimal.
enum HashFunctions {
    static let table: [Function] = [
        Function("sha256sum", [.text], "SHA-256 in lower-case hex.") { call throws(TemplateError) in
            .string(Hexadecimal.text(SHA2.sha256(call.bytes(0))))
        },
        Function("sha512sum", [.text], "SHA-512 in lower-case hex.") { call throws(TemplateError) in
            .string(Hexadecimal.text(SHA2.sha512(call.bytes(0))))
        },
        Function("sha1sum", [.text], "SHA-1 in lower-case hex.") { call throws(TemplateError) in
            .string(Hexadecimal.text(SHA1.digest(call.bytes(0))))
        },
        Function("adler32sum", [.text], "Adler-32 checksum as a decimal text.") { call throws(TemplateError) in
            var (low, high): (UInt32, UInt32) = (1, 0)
            for byte in call.bytes(0) {
                low = (low + UInt32(byte)) % 65521
                high = (high + low) % 65521
            }
            return .string(String(high << 16 | low))
        },
    ]
}
