internal import CLibCrypto

/// What the other files here need of OpenSSL.
enum OpenSSL {
    static func failure(_ what: String) -> TemplateError {
        // Older errors of this thread must not be taken for the next one's.
        ERR_clear_error()
        return .function(what)
    }

    /// Unpredictable bytes.
    ///
    /// Not from the context's source: keys and initialisation vectors must not follow from anything that is stored.
    static func randomBytes(_ count: Int) throws(TemplateError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw failure("no random bytes") }
        return bytes
    }

    /// The bytes that `write` puts into a buffer; nil when it says that it failed.
    static func output(_ write: (OpaquePointer) -> Int32) -> String? {
        guard let buffer = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(buffer) }
        guard write(buffer) == 1 else { return nil }
        var start: UnsafePointer<CChar>?
        let count = Int(muster_read_bytes(buffer, &start))
        guard let start, count > 0 else { return nil }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// What `read` makes of the bytes.
    static func input<Result>(_ bytes: [UInt8], _ read: (OpaquePointer) -> Result?) -> Result? {
        guard let length = Int32(exactly: bytes.count) else { return nil }
        return bytes.withUnsafeBytes { pointer in
            guard let buffer = BIO_new_mem_buf(pointer.baseAddress, length) else { return nil }
            defer { BIO_free(buffer) }
            return read(buffer)
        }
    }

    /// Key derivation that is slow and needs 32 MiB on purpose: scrypt with N = 2^15, r = 8, p = 2. Gives 64 bytes.
    static func scrypt(_ password: [UInt8], salt: [UInt8]) throws(TemplateError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: 64)
        let done = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self),
                password.count,
                salt,
                salt.count,
                1 << 15,
                8,
                2,
                64 << 20,
                &key,
                key.count
            )
        }
        guard done == 1 else { throw failure("the key cannot be derived") }
        return key
    }

    /// HMAC with SHA-256; thirty-two bytes.
    static func authenticationCode(_ message: [UInt8], key: [UInt8]) throws(TemplateError) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length) != nil, length == 32
        else { throw failure("the authentication code cannot be made") }
        return code
    }

    /// AES-256 in CBC mode over whole blocks of 16 bytes; nothing is padded.
    static func cipherBlocks(
        _ input: [UInt8],
        key: [UInt8],
        vector: [UInt8],
        encrypts: Bool
    ) throws(TemplateError) -> [UInt8] {
        guard let length = Int32(exactly: input.count), let context = EVP_CIPHER_CTX_new() else {
            throw failure("the text is too long")
        }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: input.count + 16)
        var (written, rest): (Int32, Int32) = (0, 0)
        guard EVP_CipherInit_ex(context, EVP_aes_256_cbc(), nil, key, vector, encrypts ? 1 : 0) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_CipherUpdate(context, &output, &written, input, length) == 1,
            EVP_CipherFinal_ex(context, &output, &rest) == 1
        else { throw failure("the length is no multiple of 16 bytes") }
        return Array(output.prefix(Int(written)))
    }
}
