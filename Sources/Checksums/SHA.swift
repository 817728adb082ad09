internal import CLibCrypto

/// SHA-1. Source: FIPS 180-4, by OpenSSL.
package enum SHA1 {
    /// Twenty bytes.
    package static func digest(_ message: [UInt8]) -> [UInt8] { SHA.digest(message, EVP_sha1(), bytes: 20) }
}

/// SHA-256 and SHA-512. Source: FIPS 180-4, by OpenSSL.
package enum SHA2 {
    /// Thirty-two bytes.
    package static func sha256(_ message: [UInt8]) -> [UInt8] { SHA.digest(message, EVP_sha256(), bytes: 32) }

    /// Sixty-four bytes.
    package static func sha512(_ message: [UInt8]) -> [UInt8] { SHA.digest(message, EVP_sha512(), bytes: 64) }
}

private enum SHA {
    static func digest(_ message: [UInt8], _ algorithm: OpaquePointer?, bytes: Int) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: bytes)
        let done = EVP_Digest(message, message.count, &digest, nil, algorithm, nil)
        precondition(done == 1, "libcrypto refuses one of the checksums that every build of it has")
        return digest
    }
}
