import GoTemplate
import JSON
import Testing

/// Results that are random are judged by what they are good for; texts made by Go prove that both sides agree.
@Suite("Keys, certificates and passwords")
struct CryptoTests {
    @Test(arguments: ["", "x", "sixteen bytes!!!", "longer than one block of sixteen bytes", "é\u{0}ß"])
    func textsAreDecryptedWithTheSameKeyOnly(text: String) throws {
        let context = try context("{}")
        func call(_ action: String) throws -> String { try Template("{{ \(action) }}").render(context) }
        let quoted = JSONValue.string(text).text()
        #expect(try call("encryptAES \"key\" \(quoted) | decryptAES \"key\"") == text)
        #expect(try call("eq (encryptAES \"k\" \"x\") (encryptAES \"k\" \"x\")") == "false")
    }

    @Test func aTextEncryptedByGoIsDecrypted() throws {
        // Made by sprig's encryptAES "correct horse" "from Go: é".
        #expect(try render("{{ decryptAES \"correct horse\" \"\(Self.encryptedByGo)\" }}") == "from Go: é")
    }

    static let encryptedByGo = "WgROMrkehhfBNjdi+NWC1cG/aMnabxGjrN3Y8D0uNw4="

    @Test(arguments: ["!!", "AAAA", "lU0BfFlO8n+gzBQxWm2ifA==", "lU0BfFlO8n+gzBQxWm2ifO0cFs0Yh1FzbDqA2BTb0g=="])
    func whatIsNoCiphertextIsAnError(text: String) throws {
        _ = try failure("{{ decryptAES \"k\" \"\(text)\" }}")
    }

    @Test func passwordsAreHashedAndLongOnesAreNot() throws {
        let hash = try render("{{ bcrypt \"secret\" }}")
        #expect(hash.hasPrefix("$2a$10$") && hash.utf8.count == 60)
        #expect(try render("{{ bcrypt (repeat 73 \"x\") }}").contains("exceeds 72 bytes"))
        #expect(try render("{{ htpasswd \"ada\" \"x\" | trunc 11 }}") == "ada:$2a$10$")
        #expect(try render("{{ htpasswd \"a:b\" \"x\" }}") == "invalid username: a:b")
    }

    @Test(arguments: [
        ("long", "MagyYico3^Hull"), ("maximum", "cZTQ9BE4C$&sYyr2ho2-"), ("medium", "MagYey1_"), ("short", "Mag6"),
        ("basic", "cZ56uZE8"), ("pin", "0056"),
    ])
    func passwordsAreDerivedAsInGo(kind: String, wanted: String) throws {
        #expect(try render("{{ derivePassword 7 \"\(kind)\" \"pässword\" \"ada\" \"shop.test\" }}") == wanted)
    }

    @Test(arguments: [
        ("ecdsa", "EC PRIVATE KEY"), ("ed25519", "PRIVATE KEY"), ("dsa", "DSA PRIVATE KEY"), ("rsa", "RSA PRIVATE KEY"),
    ])
    func keysAreWrittenInTheFormOfTheirKind(kind: String, title: String) throws {
        let key = try render("{{ genPrivateKey \"\(kind)\" }}")
        #expect(key.hasPrefix("-----BEGIN \(title)-----\n") && key.hasSuffix("-----END \(title)-----\n"))
    }

    @Test(arguments: ["ecdsa", "ed25519"]) func anAuthoritySignsAndKeysStayAsTheyAre(kind: String) throws {
        let template = """
            {{ $k := genPrivateKey "\(kind)" }}{{ $ca := genCAWithKey "ca" 1 $k }}\
            {{ $s := genSignedCertWithKey "x" (list "127.0.0.1" "::1") (list "a.example" "*.b.example") 1 $ca $k }}\
            {{ eq $s.Key $k $ca.Key }} {{ (buildCustomCert (b64enc $s.Cert) (b64enc $s.Key)).Cert | eq $s.Cert }} \
            {{ kindOf $ca }} {{ toJson $ca | contains "Cert" }}
            """
        #expect(try render(template) == "true true struct true")
    }

    @Test(arguments: [
        "genSelfSignedCert \"h\" (list \"1.2.3\") nil 1", "genSelfSignedCert \"h\" nil (list \"é\") 1",
        "genCAWithKey \"c\" 1 \"no key\"", "genCAWithKey \"c\" 1 (genPrivateKey \"dsa\")",
        "genSignedCert \"x\" nil nil 1 (dict \"Cert\" \"\" \"Key\" \"\")", "buildCustomCert \"!\" \"!\"",
        "keys (genCAWithKey \"c\" 1 (genPrivateKey \"ecdsa\"))", "derivePassword -1 \"pin\" \"p\" \"u\" \"s\"",
    ])
    func whatCannotBeSignedIsAnError(action: String) throws { _ = try failure("{{ \(action) }}") }

    @Test func aKeyOfAnotherCertificateCannotSign() throws {
        let template = """
            {{ $a := genCAWithKey "a" 1 (genPrivateKey "ecdsa") }}{{ $b := genCAWithKey "b" 1 (genPrivateKey "ecdsa") }}\
            {{ $mixed := buildCustomCert (b64enc $a.Cert) (b64enc $b.Key) }}{{ genSignedCert "x" nil nil 1 $mixed }}
            """
        #expect(try failure(template).message.contains("does not belong"))
    }

    @Test(arguments: [
        "{{ range 1000 }}{{ bcrypt \"x\" }}{{ end }}", "{{ range 1000 }}{{ genPrivateKey \"rsa\" }}{{ end }}",
        "{{ range 1000 }}{{ derivePassword 1 \"pin\" \"p\" \"u\" \"s\" }}{{ end }}",
    ])
    func slowFunctionsCountAsManySteps(template: String) throws {
        #expect(try failure(template, limits: TemplateLimits(steps: 350_000)).code == .limit)
    }
}
