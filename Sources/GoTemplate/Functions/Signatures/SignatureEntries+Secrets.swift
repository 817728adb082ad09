extension SignatureEntry {
    static let hash = [
        SignatureEntry(
            "sha256sum(text: string) -> string",
            examples: [(#"sha256sum "a" | trunc 16"#, "ca978112ca1bbdca")]
        ),
        SignatureEntry(
            "sha512sum(text: string) -> string",
            examples: [(#"sha512sum "a" | trunc 16"#, "1f40fc92da241694")]
        ),
        SignatureEntry(
            "sha1sum(text: string) -> string",
            examples: [(#"sha1sum "a""#, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8")]
        ),
        SignatureEntry("adler32sum(text: string) -> string", examples: [(#"adler32sum "a""#, "6422626")]),
    ]

    static let crypto = [
        SignatureEntry(
            "bcrypt(password: string) -> string",
            isDeterministic: false,
            examples: [(#"bcrypt "secret" | len"#, "60")]
        ),
        SignatureEntry(
            "htpasswd(user: string, password: string) -> string",
            isDeterministic: false,
            examples: [(#"htpasswd "ada" "secret" | hasPrefix "ada:$2a$10$""#, "true")]
        ),
        SignatureEntry(
            "encryptAES(password: string, text: string) -> string",
            isDeterministic: false,
            examples: [(#"encryptAES "key" "text" | decryptAES "key""#, "text")]
        ),
        SignatureEntry(
            "decryptAES(password: string, text: string) -> string",
            examples: [(#"encryptAES "key" "text" | decryptAES "key""#, "text")]
        ),
        SignatureEntry(
            "derivePassword(counter: integer, kind: string, password: string, user: string, site: string) -> string",
            examples: [(#"derivePassword 1 "long" "correct horse" "ada" "shop.test""#, "LonuMuys8@Peci")]
        ),
    ]

    static let certificate = [
        SignatureEntry(
            "genPrivateKey(kind: string) -> string",
            isDeterministic: false,
            examples: [(#"genPrivateKey "ecdsa" | splitList "\n" | first"#, "-----BEGIN EC PRIVATE KEY-----")]
        ),
        SignatureEntry(
            "genCA(name: string, days: integer) -> certificate",
            isDeterministic: false,
            examples: [(#"(genCA "my-ca" 30).Cert | splitList "\n" | first"#, "-----BEGIN CERTIFICATE-----")]
        ),
        SignatureEntry(
            "genCAWithKey(name: string, days: integer, key: string) -> certificate",
            isDeterministic: false,
            examples: [
                (
                    #"(genCAWithKey "my-ca" 30 (genPrivateKey "ecdsa")).Key | splitList "\n" | first"#,
                    "-----BEGIN EC PRIVATE KEY-----"
                )
            ]
        ),
        SignatureEntry(
            "genSelfSignedCert(name: string, addresses: list of string, names: list of string, days: integer) -> certificate",
            isDeterministic: false,
            examples: [
                (
                    #"(genSelfSignedCert "h" (list "127.0.0.1") (list "h.example") 1).Cert | contains "CERTIFICATE""#,
                    "true"
                )
            ]
        ),
        SignatureEntry(
            "genSelfSignedCertWithKey(name: string, addresses: list of string, names: list of string, days: integer, key: string) -> certificate",
            isDeterministic: false,
            examples: [
                (
                    #"(genSelfSignedCertWithKey "h" nil nil 1 (genPrivateKey "ecdsa")).Cert | contains "CERTIFICATE""#,
                    "true"
                )
            ]
        ),
        SignatureEntry(
            "genSignedCert(name: string, addresses: list of string, names: list of string, days: integer, authority: certificate) -> certificate",
            isDeterministic: false,
            examples: [
                (
                    #"(genSignedCert "h" nil (list "h.example") 1 (genCA "my-ca" 30)).Cert | contains "CERTIFICATE""#,
                    "true"
                )
            ]
        ),
        SignatureEntry(
            "genSignedCertWithKey(name: string, addresses: list of string, names: list of string, days: integer, authority: certificate, key: string) -> certificate",
            isDeterministic: false,
            examples: [
                (
                    #"(genSignedCertWithKey "h" nil nil 1 (genCA "my-ca" 30) (genPrivateKey "ed25519")).Key | splitList "\n" | first"#,
                    "-----BEGIN PRIVATE KEY-----"
                )
            ]
        ),
        SignatureEntry(
            "buildCustomCert(certificate: string, key: string) -> certificate",
            examples: [(#"kindOf (genCAWithKey "x" 1 (genPrivateKey "ecdsa"))"#, "struct")]
        ),
    ]

    static let random = [
        SignatureEntry(
            "randAlpha(count: integer) -> string",
            isDeterministic: false,
            examples: [("randAlpha 8 | len", "8")]
        ),
        SignatureEntry(
            "randAlphaNum(count: integer) -> string",
            isDeterministic: false,
            examples: [("randAlphaNum 8 | len", "8")]
        ),
        SignatureEntry(
            "randNumeric(count: integer) -> string",
            isDeterministic: false,
            examples: [("randNumeric 8 | len", "8")]
        ),
        SignatureEntry(
            "randAscii(count: integer) -> string",
            isDeterministic: false,
            examples: [("randAscii 8 | len", "8")]
        ),
        SignatureEntry(
            "randBytes(count: integer) -> string",
            isDeterministic: false,
            examples: [("randBytes 6 | len", "8")]
        ),
        SignatureEntry(
            "randInt(minimum: integer, maximum: integer) -> integer",
            isDeterministic: false,
            examples: [("randInt 5 6", "5")]
        ),
        SignatureEntry(
            "shuffle(text: string) -> string",
            isDeterministic: false,
            examples: [(#"shuffle "aaa""#, "aaa")]
        ),
        SignatureEntry("uuidv4() -> string", isDeterministic: false, examples: [("uuidv4 | len", "36")]),
    ]
}
