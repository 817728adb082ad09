/// A URL in its parts, read and written as Go's `net/url` does.
struct URLText {
    var scheme = ""
    var opaque: [UInt8] = []
    /// Name and password; nil when there is no `@`.
    var user: (name: [UInt8], password: [UInt8]?)?
    /// With the port.
    var host: [UInt8] = []
    /// Decoded.
    var path: [UInt8] = []
    /// As written, without the question mark.
    var query: [UInt8] = []
    /// Decoded.
    var fragment: [UInt8] = []

    struct Problem: Error { var message: String }

    init() {}

    // MARK: Reading

    init(parsing bytes: [UInt8]) throws(Problem) {
        let (main, fragment) = Self.cut(bytes[...], UInt8(ascii: "#"))
        guard !main.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw Problem(message: "invalid control character in URL")
        }
        var rest = try readScheme(main)
        (rest, query) = Self.cutQuery(rest, UInt8(ascii: "?"))
        if rest.first != UInt8(ascii: "/") {
            if !scheme.isEmpty {
                opaque = Array(rest)
                rest = []
            } else if Self.cut(rest, UInt8(ascii: "/")).0.contains(UInt8(ascii: ":")) {
                throw Problem(message: "first path segment in URL cannot contain colon")
            }
        } else if rest.starts(with: "//".utf8), !scheme.isEmpty || !rest.starts(with: "///".utf8) {
            let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
            rest = rest.dropFirst(2 + authority.count)
            try readAuthority(authority)
        }
        path = try Self.decode(rest)
        self.fragment = try Self.decode(fragment ?? [])
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func cut(_ bytes: ArraySlice<UInt8>, _ mark: UInt8) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
        guard let index = bytes.firstIndex(of: mark) else { return (bytes, nil) }
        return (bytes[..<index], bytes[(index + 1)...])
    }

    private static func cutQuery(_ bytes: ArraySlice<UInt8>, _ mark: UInt8) -> (ArraySlice<UInt8>, [UInt8]) {
        let (before, after) = cut(bytes, mark)
        return (before, Array(after ?? []))
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

    private mutating func readScheme(_ bytes: ArraySlice<UInt8>) throws(Problem) -> ArraySlice<UInt8> {
        for (offset, byte) in bytes.enumerated() {
            if Self.isLetter(byte) { continue }
            if Self.isDigit(byte) || "+-.".utf8.contains(byte) {
                if offset == 0 { return bytes }
                continue
            }
            guard byte == UInt8(ascii: ":") else { return bytes }
            guard offset > 0 else { throw Problem(message: "missing protocol scheme") }
            scheme = Self.text(bytes.prefix(offset)).lowercased()
            return bytes.dropFirst(offset + 1)
        }
        return bytes
    }

    private mutating func readAuthority(_ bytes: ArraySlice<UInt8>) throws(Problem) {
        guard let mark = bytes.lastIndex(of: UInt8(ascii: "@")) else { return try readHost(bytes) }
        try readHost(bytes[(mark + 1)...])
        let info = bytes[..<mark]
        let isValid = info.allSatisfy {
            Self.isLetter($0) || Self.isDigit($0) || "-._:~!$&'()*+,;=%@".utf8.contains($0)
        }
        guard isValid else { throw Problem(message: "invalid userinfo") }
        let (name, password) = Self.cut(info, UInt8(ascii: ":"))
        if let password {
            user = (try Self.decode(name), try Self.decode(password))
        } else {
            user = (try Self.decode(name), nil)
        }
    }

    private mutating func readHost(_ bytes: ArraySlice<UInt8>) throws(Problem) {
        for byte in bytes where byte < 0x80 && byte != UInt8(ascii: "%") && !Self.isHostByte(byte) {
            throw Problem(message: "invalid character in host name")
        }
        if let open = bytes.lastIndex(of: UInt8(ascii: "[")) {
            guard open == bytes.startIndex else { throw Problem(message: "invalid IP-literal") }
            return try readBracketedHost(bytes)
        }
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), !Self.isPort(bytes[colon...]) {
            throw Problem(message: "invalid port after host")
        }
        host = try Self.decode(bytes, .host)
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.isEmpty || (bytes.first == UInt8(ascii: ":") && bytes.dropFirst().allSatisfy(isDigit))
    }

    /// An IPv6 address, possibly with a zone behind `%25`.
    private mutating func readBracketedHost(_ bytes: ArraySlice<UInt8>) throws(Problem) {
        guard let close = bytes.lastIndex(of: UInt8(ascii: "]")) else { throw Problem(message: "missing ']' in host") }
        guard Self.isPort(bytes[(close + 1)...]) else { throw Problem(message: "invalid port after host") }
        let name = Array(bytes[(bytes.startIndex + 1)..<close])
        let mark = Bytes.firstRange(of: Array("%25".utf8), in: name, from: 0)?.lowerBound ?? name.count
        let address = try Self.decode(name[..<mark], .host)
        let zone = try Self.decode(name[mark...], .zone)
        guard zone.count != 1, CertificateRequest.address(String(decoding: address, as: UTF8.self)) != nil,
            address.contains(UInt8(ascii: ":"))
        else { throw Problem(message: "invalid host") }
        host = [UInt8(ascii: "[")] + address + zone + bytes[close...]
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "-_.~!$&'()*+,;=:[]<>\"".utf8.contains(byte)
    }

    private enum Part { case host, zone, other }

    private static func decode(_ bytes: ArraySlice<UInt8>, _ part: Part = .other) throws(Problem) -> [UInt8] {
        var output: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "%") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            let digits = text(bytes[(index + 1)...].prefix(2))
            guard digits.utf8.count == 2, !digits.hasPrefix("+"), !digits.hasPrefix("-"),
                let value = UInt8(digits, radix: 16),
                part != .host || value >= 0x80 || value == 0x25,
                part != .zone || value == 0x20 || value == 0x25 || isHostByte(value)
            else { throw Problem(message: "invalid URL escape \"%\(digits)\"") }
            output.append(value)
            index += 3
        }
        return output
    }

    // MARK: Parts

    var hostname: [UInt8] {
        var name = host[...]
        if let colon = name.lastIndex(of: UInt8(ascii: ":")), Self.isPort(name[colon...]) { name = name[..<colon] }
        let isBracketed = name.first == UInt8(ascii: "[") && name.last == UInt8(ascii: "]")
        return Array(isBracketed ? name.dropFirst().dropLast() : name)
    }

    var userText: String {
        guard let user else { return "" }
        let name = Self.encode(user.name, except: "$&+,;=")
        return user.password.map { name + ":" + Self.encode($0, except: "$&+,;=") } ?? name
    }

    // MARK: Writing

    private static func encode(_ text: [UInt8], except allowed: String) -> String {
        var output: [UInt8] = []
        for byte in text {
            if isLetter(byte) || isDigit(byte) || "-_.~".utf8.contains(byte) || allowed.utf8.contains(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(contentsOf: String(byte >> 4, radix: 16, uppercase: true).utf8)
                output.append(contentsOf: String(byte & 15, radix: 16, uppercase: true).utf8)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    var description: [UInt8] {
        var output = Array((scheme.isEmpty ? "" : scheme + ":").utf8)
        if opaque.isEmpty {
            if !scheme.isEmpty || !host.isEmpty || user != nil {
                if !host.isEmpty || !path.isEmpty || user != nil { output += "//".utf8 }
                if user != nil { output += (userText + "@").utf8 }
                output += Self.encode(host, except: "!$&'()*+,;=:[]<>\"").utf8
            }
            let encoded = path.elementsEqual("*".utf8) ? "*" : Self.encode(path, except: "$&+,/:;=@")
            if !encoded.isEmpty, !encoded.hasPrefix("/"), !host.isEmpty { output.append(UInt8(ascii: "/")) }
            // A colon in the first segment would read as a scheme.
            if output.isEmpty, encoded.prefix(while: { $0 != "/" }).contains(":") { output += "./".utf8 }
            output += encoded.utf8
        } else {
            output += opaque
        }
        if !query.isEmpty { output += [UInt8(ascii: "?")] + query }
        if !fragment.isEmpty { output += ("#" + Self.encode(fragment, except: "$&+,/:;=?@!()*")).utf8 }
        return output
    }
}
