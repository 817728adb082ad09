/// Private keys and certificates. Making a key is slow and counts as many steps.
enum CertificateFunctions {
    static let table: [Function] = [
        Function("genPrivateKey", [.text], "New private key in PEM: rsa (4096 bits), dsa, ecdsa or ed25519.") {
            call throws(TemplateError) in
            let name = call.text(0).isEmpty ? "rsa" : call.text(0)
            guard let kind = PrivateKey.Kind(rawValue: name) else { return .text("Unknown type ".utf8 + call.bytes(0)) }
            let steps =
                switch kind {
                case .rsa, .dsa: 3_000_000
                case .ecdsa, .ed25519: 20_000
                }
            try call.evaluator.charge(steps)
            let key = try call.evaluator.untimed { () throws(TemplateError) in try PrivateKey.make(kind, bits: 4096) }
            return .string(try key.pem())
        },
        Function("genCA", [.text, .integer], "New self-signed authority: .Cert and .Key in PEM.") {
            call throws(TemplateError) in
            try authority(call, key: try makeKey(call))
        },
        Function("genCAWithKey", [.text, .integer, .text], "`genCA` with this private key.") {
            call throws(TemplateError) in
            try authority(call, key: try PrivateKey(pem: call.bytes(2)))
        },
        Function(
            "genSelfSignedCert",
            [.text, .list, .list, .integer],
            "New self-signed certificate for names and addresses: .Cert and .Key in PEM."
        ) { call throws(TemplateError) in
            let request = try request(call)
            return try certificate(request, key: try makeKey(call))
        },
        Function(
            "genSelfSignedCertWithKey",
            [.text, .list, .list, .integer, .text],
            "`genSelfSignedCert` with this private key."
        ) { call throws(TemplateError) in
            let key = try PrivateKey(pem: call.bytes(4))
            return try certificate(try request(call), key: key)
        },
        Function(
            "genSignedCert",
            [.text, .list, .list, .integer, .certificate],
            "New certificate signed by an authority: .Cert and .Key in PEM."
        ) { call throws(TemplateError) in
            let issuer = try issuer(call)
            let request = try request(call)
            return try certificate(request, key: try makeKey(call), issuer: issuer)
        },
        Function(
            "genSignedCertWithKey",
            [.text, .list, .list, .integer, .certificate, .text],
            "`genSignedCert` with this private key."
        ) { call throws(TemplateError) in
            let key = try PrivateKey(pem: call.bytes(5))
            let issuer = try issuer(call)
            return try certificate(try request(call), key: key, issuer: issuer)
        },
        Function("buildCustomCert", [.text, .text], "Certificate and key from base64 of PEM, checked.") {
            call throws(TemplateError) in
            guard let certificate = EncodingFunctions.fromBase64(call.bytes(0)) else {
                throw .function("buildCustomCert: the certificate is no base64")
            }
            guard let key = EncodingFunctions.fromBase64(call.bytes(1)) else {
                throw .function("buildCustomCert: the private key is no base64")
            }
            _ = try Certificate(pem: certificate)
            _ = try PrivateKey(pem: key)
            return pair(certificate: .text(certificate), key: .text(key))
        },
    ]

    private static func makeKey(_ call: Call) throws(TemplateError) -> PrivateKey {
        try call.evaluator.charge(500_000)
        return try call.evaluator.untimed { () throws(TemplateError) in try PrivateKey.make(.rsa) }
    }

    private static func pair(certificate: Value, key: Value) -> Value {
        .map(MapBox(["Cert": certificate, "Key": key], isCertificate: true))
    }

    private static func certificate(
        _ request: CertificateRequest,
        key: PrivateKey,
        issuer: (certificate: Certificate, key: PrivateKey)? = nil
    ) throws(TemplateError) -> Value {
        let certificate = try Certificate(request, key: key, issuer: issuer)
        return pair(certificate: .string(try certificate.pem()), key: .string(try key.pem()))
    }

    private static func authority(_ call: Call, key: PrivateKey) throws(TemplateError) -> Value {
        var request = period(call, days: 1)
        request.isAuthority = true
        return try certificate(request, key: key)
    }

    private static func issuer(_ call: Call) throws(TemplateError) -> (certificate: Certificate, key: PrivateKey) {
        let authority = call.object(4)
        let certificate = try Certificate(pem: authority["Cert"]?.utf8Text ?? [])
        return (certificate, try PrivateKey(pem: authority["Key"]?.utf8Text ?? []))
    }

    private static func period(_ call: Call, days index: Int) -> CertificateRequest {
        let start = TimeBox.floorDivide(Int(call.evaluator.context.now()), 1_000_000)
        // Go counts nanoseconds in 64 bits, which is less than three centuries.
        let nanoseconds = call.integer(index) &* 86_400_000_000_000
        return CertificateRequest(
            commonName: call.bytes(0),
            start: start,
            end: start + TimeBox.floorDivide(nanoseconds, 1_000_000_000)
        )
    }

    private static func request(_ call: Call) throws(TemplateError) -> CertificateRequest {
        var request = period(call, days: 3)
        for value in try call.list(1) {
            guard case .string(let text) = value, let address = CertificateRequest.address(text) else {
                throw .function("\(call.name): \(try value.text()) is no IP address")
            }
            request.addresses.append(address)
        }
        for value in try call.list(2) {
            guard let name = value.utf8Text, name.allSatisfy({ $0 < 0x80 }) else {
                throw .function("\(call.name): \(try value.text()) is no name of ASCII characters")
            }
            request.names.append(name)
        }
        return request
    }
}
