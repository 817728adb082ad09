internal import CLibCrypto

/// A private key.
final class PrivateKey {
    enum Kind: String {
        case rsa, dsa, ecdsa, ed25519
    }

    let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    // MARK: Making

    /// A new key. `bits` is the size of an RSA key; DSA is 2048 bits, ECDSA is P-256.
    static func make(_ kind: Kind, bits: Int32 = 2048) throws(TemplateError) -> PrivateKey {
        let pointer =
            switch kind {
            case .rsa: generate("RSA") { EVP_PKEY_CTX_set_rsa_keygen_bits($0, bits) }
            case .ecdsa: generate("EC") { EVP_PKEY_CTX_set_group_name($0, "P-256") }
            case .ed25519: generate("ED25519") { _ in 1 }
            case .dsa: generateDSA()
            }
        guard let pointer else { throw OpenSSL.failure("a private key of kind \(kind.rawValue) cannot be made") }
        return PrivateKey(pointer)
    }

    private static func generate(_ name: String, _ configure: (OpaquePointer) -> Int32) -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, configure(context) > 0, EVP_PKEY_generate(context, &key) == 1 else {
            return nil
        }
        return key
    }

    private static func generateDSA() -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "DSA", nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var parameters: OpaquePointer?
        guard EVP_PKEY_paramgen_init(context) == 1, muster_set_dsa_bits(context, 2048, 256) == 1,
            EVP_PKEY_generate(context, &parameters) == 1, let parameters
        else { return nil }
        defer { EVP_PKEY_free(parameters) }
        guard let maker = EVP_PKEY_CTX_new_from_pkey(nil, parameters, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(maker) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(maker) == 1, EVP_PKEY_generate(maker, &key) == 1 else { return nil }
        return key
    }

    // MARK: Text

    /// Reads the first block of a PEM text.
    init(pem: [UInt8]) throws(TemplateError) {
        // A key that is locked by a password is refused instead of asked about.
        let pointer = OpenSSL.input(pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
        guard let pointer else { throw OpenSSL.failure("the text is no private key in PEM that can be read") }
        self.pointer = pointer
    }

    /// PEM in the form of its kind: `RSA`, `EC` or `DSA PRIVATE KEY`, and `PRIVATE KEY` for others.
    func pem() throws(TemplateError) -> String {
        let isTraditional = isOf("RSA") || isOf("EC") || isOf("DSA")
        let text = OpenSSL.output { buffer in
            isTraditional
                ? PEM_write_bio_PrivateKey_traditional(buffer, pointer, nil, nil, 0, nil, nil)
                : PEM_write_bio_PKCS8PrivateKey(buffer, pointer, nil, nil, 0, nil, nil)
        }
        guard let text else { throw OpenSSL.failure("the private key cannot be written") }
        return text
    }

    private func isOf(_ name: String) -> Bool { EVP_PKEY_is_a(pointer, name) == 1 }

    // MARK: Signing

    /// The digest that goes with the key; nil for keys that sign without one.
    /// - Throws: For keys that cannot sign certificates.
    func digest() throws(TemplateError) -> OpaquePointer? {
        if isOf("ED25519") { return nil }
        if isOf("RSA") { return EVP_sha256() }
        guard isOf("EC") else {
            throw OpenSSL.failure("only RSA, ECDSA and Ed25519 keys can sign certificates")
        }
        let bits = EVP_PKEY_get_bits(pointer)
        return bits > 384 ? EVP_sha512() : bits > 256 ? EVP_sha384() : EVP_sha256()
    }
}
