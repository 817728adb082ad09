/// Functions of the original library that are known but not available: keys, certificates and slow password hashes
/// belong into tools, not into templates.
enum UnavailableFunctions {
    static let names = [
        "bcrypt", "buildCustomCert", "decryptAES", "derivePassword", "encryptAES", "genCA", "genCAWithKey",
        "genPrivateKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey",
        "htpasswd",
    ]

    static let table: [Function] = names.map { name in
        Function(name, rest: .any, "Not available here.") { _ throws(TemplateError) in
            throw TemplateError(.refusedFunction, "function \"\(name)\" is not available here")
        }
    }
}
