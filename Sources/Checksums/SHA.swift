internal import CLibCrypto

/// SHA-1. Source: FIPS 180-4, by OpenSSL.
package enum SHA1 {
    /// Twenty bytes.
    package static func digest(_ message: [UInt8]) -> [UInt8] { SHA.digest(message, SHA.sha1, bytes: 20) }
}

/// SHA-256 and SHA-512. Source: FIPS 180-4, by OpenSSL.
package enum SHA2 {
    /// Thirty-two bytes.
    package static func sha256(_ message: [UInt8]) -> [UInt8] { SHA.digest(message, SHA.sha256, bytes: 32) }

    /// Sixty-four bytes.
    package static func sha512(_ message: [UInt8]) -> [UInt8] { SHA.digest(message, SHA.sha512, bytes: 64) }
}

private enum SHA {
    // Fetched once: what the short names give is looked up again at every use. They live as long as the process and are
    // only read.
    nonisolated(unsafe) static let sha1 = EVP_MD_fetch(nil, "SHA1", nil)
    nonisolated(unsafe) static let sha256 = EVP_MD_fetch(nil, "SHA256", nil)
    nonisolated(unsafe) static let sha512 = EVP_MD_fetch(nil, "SHA512", nil)

    static func digest(_ message: [UInt8], _ algorithm: OpaquePointer?, bytes: Int) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: bytes)
        let done = EVP_Digest(message, message.count, &digest, nil, algorithm, nil)
        precondition(done == 1, "libcrypto refuses one of the checksums that every build of it has")
        return digest
    }
}
