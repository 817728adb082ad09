/// Passwords that follow from a master password, a user and a site, by the "Master Password" algorithm, version 0.
enum DerivedPassword {
    private static let scope = Array("com.lyndir.masterpassword".utf8)

    /// Patterns of characters by the kind of password.
    private static let patterns: [String: [String]] = [
        "maximum": ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long": [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno",
            "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno",
            "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
        ],
        "medium": ["CvcnoCvc", "CvcCvcno"],
        "short": ["Cvcn"],
        "basic": ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin": ["nnnn"],
    ]

    /// The characters that a letter of a pattern stands for.
    private static let characters: [UInt8: [UInt8]] = [
        "V": "AEIOU", "C": "BCDFGHJKLMNPQRSTVWXYZ", "v": "aeiou", "c": "bcdfghjklmnpqrstvwxyz",
        "a": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz", "n": "0123456789", "o": "@&%?,=[]_:-+*$#!'^~;()/.",
        "x": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    ].reduce(into: [:]) { table, entry in table[entry.key.utf8.first ?? 0] = Array(entry.value.utf8) }

    static func isKnown(_ kind: String) -> Bool { patterns[kind] != nil }

    static func make(
        counter: UInt32,
        kind: String,
        password: [UInt8],
        user: [UInt8],
        site: [UInt8]
    ) throws(TemplateError) -> String {
        guard let patterns = patterns[kind] else { return "" }
        let key = try OpenSSL.scrypt(password, salt: scope + bigEndian(user.count) + user)
        let message = scope + bigEndian(site.count) + site + bigEndian(Int(counter))
        let seed = try OpenSSL.authenticationCode(message, key: key)
        let pattern = patterns[Int(seed[0]) % patterns.count]
        var output: [UInt8] = []
        for (index, letter) in pattern.utf8.enumerated() {
            guard let choice = characters[letter] else { continue }
            output.append(choice[Int(seed[index + 1]) % choice.count])
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Four bytes.
    private static func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
