internal import CLibCrypt

/// bcrypt.
enum PasswordHash {
    /// Each step doubles the time; ten take some 50 milliseconds.
    static let cost: UInt = 10
    /// UTF-8 bytes that the algorithm can take in.
    static let longestPassword = 72

    /// The hash with a random salt, as `$2a$10$…`.
    /// - Throws: `function` for a password that is too long or holds a zero byte.
    static func bcrypt(_ password: [UInt8]) throws(TemplateError) -> String {
        guard !password.contains(0) else { throw .function("bcrypt: the password holds a zero byte") }
        let salt = try OpenSSL.randomBytes(16).map { CChar(bitPattern: $0) }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        // What the library calls 2b is the algorithm without the faults of others; elsewhere it goes by 2a.
        guard crypt_gensalt_rn("$2b$", cost, salt, 16, &setting, Int32(setting.count)) != nil else {
            throw .function("bcrypt: not available in this system's crypt library")
        }
        let phrase = password.map { CChar(bitPattern: $0) } + [0]
        let size = MemoryLayout<crypt_data>.size
        let work = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        work.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        defer { work.deallocate() }
        guard let hash = crypt_rn(phrase, setting, work, Int32(size)) else {
            throw .function("bcrypt: the password cannot be hashed")
        }
        return "$2a$" + String(cString: hash).dropFirst(4)
    }
}
