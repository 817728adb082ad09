/// Passwords and ciphers. Slow ones count as many steps.
enum CryptoFunctions {
    /// Steps for one slow computation of some 50 to 100 milliseconds.
    private static let slowSteps = 100_000

    static let table: [Function] = [
        Function("bcrypt", [.text], "bcrypt hash with a random salt, cost 10.") { call throws(TemplateError) in
            .string(try bcrypt(call, 0))
        },
        Function("htpasswd", [.text, .text], "Line of a password file: user and bcrypt hash.") {
            call throws(TemplateError) in
            let user = call.bytes(0)
            if user.contains(UInt8(ascii: ":")) { return .text("invalid username: ".utf8 + user) }
            return .text(user + ":".utf8 + (try bcrypt(call, 1)).utf8)
        },
        Function("encryptAES", [.text, .text], "AES-256-CBC with a random vector, in base64.") {
            call throws(TemplateError) in
            let text = call.bytes(1)
            if text.isEmpty { return .string("") }
            try call.evaluator.checkText(bytes: text.count)
            let missing = 16 - text.count % 16
            let vector = try OpenSSL.randomBytes(16)
            let blocks = try OpenSSL.cipherBlocks(
                text + [UInt8](repeating: UInt8(missing), count: missing),
                key: key(call),
                vector: vector,
                encrypts: true
            )
            return .string(EncodingFunctions.base64(vector + blocks))
        },
        Function("decryptAES", [.text, .text], "Inverse of `encryptAES`.") { call throws(TemplateError) in
            if call.bytes(1).isEmpty { return .string("") }
            guard let bytes = EncodingFunctions.fromBase64(call.bytes(1)), bytes.count > 16 else {
                throw .function("decryptAES: the text is no base64 of a vector and at least one block")
            }
            let text = try OpenSSL.cipherBlocks(
                Array(bytes[16...]),
                key: key(call),
                vector: Array(bytes[..<16]),
                encrypts: false
            )
            let padding = Int(text.last ?? 0)
            guard padding <= text.count else { throw .function("decryptAES: the key or the text is wrong") }
            return .text(text.dropLast(padding))
        },
        Function(
            "derivePassword",
            [.integer, .text, .text, .text, .text],
            "Password from counter, kind, master password, user and site."
        ) { call throws(TemplateError) in
            guard let counter = UInt32(exactly: call.integer(0)) else {
                throw .wrongKind("derivePassword: the counter must be between 0 and \(UInt32.max)")
            }
            guard DerivedPassword.isKnown(call.text(1)) else {
                return .text("cannot find password template ".utf8 + call.bytes(1))
            }
            try call.evaluator.charge(3 * slowSteps)
            let password = try call.evaluator.untimed { () throws(TemplateError) in
                try DerivedPassword.make(
                    counter: counter,
                    kind: call.text(1),
                    password: call.bytes(2),
                    user: call.bytes(3),
                    site: call.bytes(4)
                )
            }
            return .string(password)
        },
    ]

    /// A password that is too long is an answer here, not a failure.
    private static func bcrypt(_ call: Call, _ index: Int) throws(TemplateError) -> String {
        let password = call.bytes(index)
        guard password.count <= PasswordHash.longestPassword else {
            return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
        }
        try call.evaluator.charge(slowSteps)
        return try call.evaluator.untimed { () throws(TemplateError) in try PasswordHash.bcrypt(password) }
    }

    /// Thirty-two bytes: the password cut off or filled up with zeros.
    private static func key(_ call: Call) -> [UInt8] {
        let password = call.bytes(0).prefix(32)
        return password + [UInt8](repeating: 0, count: 32 - password.count)
    }
}
