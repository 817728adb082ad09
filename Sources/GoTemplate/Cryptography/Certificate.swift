internal import CLibCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a new certificate says.
struct CertificateRequest {
    var commonName: [UInt8]
    var addresses: [[UInt8]] = []
    var names: [[UInt8]] = []
    /// Seconds since 1970.
    var start: Int
    var end: Int
    var isAuthority = false

    /// Four or sixteen bytes; nil when the text is no address.
    static func address(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        // An IPv4 address written as an IPv6 one.
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes.suffix(4)) : bytes
    }
}

/// An X.509 certificate.
final class Certificate {
    private let pointer: OpaquePointer

    /// Reads the first block of a PEM text.
    init(pem: [UInt8]) throws(TemplateError) {
        let pointer = OpenSSL.input(pem) { PEM_read_bio_X509($0, nil, { _, _, _, _ in -1 }, nil) }
        guard let pointer else { throw OpenSSL.failure("the text is no certificate in PEM") }
        self.pointer = pointer
    }

    /// Makes a certificate for `key`, signed by the issuer, or by itself when there is none.
    init(
        _ request: CertificateRequest,
        key: PrivateKey,
        issuer: (certificate: Certificate, key: PrivateKey)? = nil
    ) throws(TemplateError) {
        guard let pointer = X509_new() else { throw OpenSSL.failure("no memory for a certificate") }
        self.pointer = pointer
        let signer = issuer?.key ?? key
        let digest = try signer.digest()
        _ = try key.digest()
        if let issuer, X509_check_private_key(issuer.certificate.pointer, issuer.key.pointer) != 1 {
            throw OpenSSL.failure("the authority's key does not belong to its certificate")
        }
        guard X509_set_version(pointer, 2) == 1, setSerialNumber(), setName(request.commonName),
            ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(request.start)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(request.end)) != nil,
            X509_set_pubkey(pointer, key.pointer) == 1
        else { throw OpenSSL.failure("the certificate's name or time cannot be written") }
        let parent = issuer?.certificate.pointer ?? pointer
        guard X509_set_issuer_name(pointer, X509_get_subject_name(parent)) == 1, addExtensions(request, parent),
            addNames(request), X509_sign(pointer, signer.pointer, digest) > 0
        else { throw OpenSSL.failure("the certificate cannot be signed") }
    }

    deinit { X509_free(pointer) }

    func pem() throws(TemplateError) -> String {
        guard let text = OpenSSL.output({ PEM_write_bio_X509($0, pointer) }) else {
            throw OpenSSL.failure("the certificate cannot be written")
        }
        return text
    }

    private func setSerialNumber() -> Bool {
        guard let number = BN_new() else { return false }
        defer { BN_free(number) }
        return BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil
    }

    private func setName(_ name: [UInt8]) -> Bool {
        guard let subject = X509_get_subject_name(pointer), let length = Int32(exactly: name.count) else {
            return false
        }
        if name.isEmpty { return true }
        return X509_NAME_add_entry_by_NID(subject, NID_commonName, V_ASN1_UTF8STRING, name, length, -1, 0) == 1
    }

    private func addExtensions(_ request: CertificateRequest, _ parent: OpaquePointer) -> Bool {
        var extensions = [
            (
                NID_key_usage,
                "critical,digitalSignature,keyEncipherment" + (request.isAuthority ? ",keyCertSign" : "")
            ),
            (NID_ext_key_usage, "serverAuth,clientAuth"),
            (NID_basic_constraints, "critical,CA:" + (request.isAuthority ? "TRUE" : "FALSE")),
        ]
        if request.isAuthority { extensions.append((NID_subject_key_identifier, "hash")) }
        if parent != pointer, X509_get0_subject_key_id(parent) != nil {
            extensions.append((NID_authority_key_identifier, "keyid"))
        }
        return extensions.allSatisfy { muster_add_extension(pointer, parent, $0.0, $0.1) == 1 }
    }

    private func addNames(_ request: CertificateRequest) -> Bool {
        var names: OpaquePointer?
        for (type, texts) in [(GEN_DNS, request.names), (GEN_IPADD, request.addresses)] {
            for text in texts {
                guard let length = Int32(exactly: text.count) else { return false }
                names = muster_add_name(names, type, text, length)
            }
        }
        guard let names else { return true }
        return muster_add_names(pointer, names, request.commonName.isEmpty ? 1 : 0) == 1
    }
}
