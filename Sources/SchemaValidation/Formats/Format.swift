/// The formats that can be checked. Source: JSON Schema 2020-12 validation, section 7.3.
enum Format: String, CaseIterable, Sendable {
    case date, time, dateTime = "date-time", duration
    case email, idnEmail = "idn-email", hostname, idnHostname = "idn-hostname"
    case ipv4, ipv6
    case uri, uriReference = "uri-reference", iri, iriReference = "iri-reference", uriTemplate = "uri-template"
    case uuid
    case jsonPointer = "json-pointer", relativeJSONPointer = "relative-json-pointer"
    case regex

    /// Whether a text has the format.
    func accepts(_ text: String) -> Bool {
        let text = text
        return text.utf8.withContiguousStorageIfAvailable { accepts(text, Bytes($0[...])) }
            ?? Array(text.utf8).withUnsafeBufferPointer { accepts(text, Bytes($0[...])) }
    }

    private func accepts(_ text: String, _ bytes: Bytes) -> Bool {
        switch self {
        case .date: DateFormat.isDate(bytes)
        case .time: DateFormat.isTime(bytes)
        case .dateTime: DateFormat.isDateTime(bytes)
        case .duration: DurationFormat.isDuration(bytes)
        case .email: EmailFormat.isEmail(bytes, allowsUnicode: false)
        case .idnEmail: EmailFormat.isEmail(bytes, allowsUnicode: true)
        case .hostname: HostnameFormat.isHostname(bytes)
        case .idnHostname: HostnameFormat.isInternational(text)
        case .ipv4: AddressFormat.isIPv4(bytes)
        case .ipv6: AddressFormat.isIPv6(bytes)
        case .uri: URIFormat.isURI(bytes, allowsUnicode: false, allowsRelative: false)
        case .uriReference: URIFormat.isURI(bytes, allowsUnicode: false, allowsRelative: true)
        case .iri: URIFormat.isURI(bytes, allowsUnicode: true, allowsRelative: false)
        case .iriReference: URIFormat.isURI(bytes, allowsUnicode: true, allowsRelative: true)
        case .uriTemplate: URITemplateFormat.isTemplate(text)
        case .uuid: IdentifierFormat.isUUID(bytes)
        case .jsonPointer: IdentifierFormat.isJSONPointer(bytes)
        case .relativeJSONPointer: IdentifierFormat.isRelativeJSONPointer(bytes)
        case .regex: (try? SchemaPattern.compile(text)) != nil
        }
    }

    /// How sentences call it.
    var phrase: String {
        switch self {
        case .date: "a date like 2025-01-31"
        case .time: "a time like 23:59:59Z"
        case .dateTime: "a date and time like 2025-01-31T23:59:59Z"
        case .duration: "a duration like P1DT12H"
        case .email, .idnEmail: "an e-mail address"
        case .hostname, .idnHostname: "a host name"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .uri, .iri: "an absolute URI"
        case .uriReference, .iriReference: "a URI or a relative reference"
        case .uriTemplate: "a URI template"
        case .uuid: "a UUID"
        case .jsonPointer: "a JSON pointer"
        case .relativeJSONPointer: "a relative JSON pointer"
        case .regex: "a regular expression"
        }
    }
}

/// UTF-8 that a format reads from front to back.
struct Bytes {
    private let all: Slice<UnsafeBufferPointer<UInt8>>
    private(set) var position: Int
    let end: Int

    init(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        all = bytes
        position = bytes.startIndex
        end = bytes.endIndex
    }

    var isAtEnd: Bool { position == end }
    var count: Int { end - position }
    var next: UInt8? { position < end ? all[position] : nil }

    /// The byte `offset` behind the position.
    subscript(offset: Int) -> UInt8 { all[position + offset] }

    /// What is between two offsets from the position.
    func part(_ from: Int, _ to: Int) -> Bytes { Bytes(all[(position + from)..<(position + to)]) }

    func firstOffset(of byte: UInt8) -> Int? { all[position..<end].firstIndex(of: byte).map { $0 - position } }

    func lastOffset(of byte: UInt8) -> Int? { all[position..<end].lastIndex(of: byte).map { $0 - position } }

    func allSatisfy(_ test: (UInt8) -> Bool) -> Bool { all[position..<end].allSatisfy(test) }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Takes a byte of two that differ in case only.
    mutating func skip(letter: UInt8) -> Bool {
        guard let next, next | 0x20 == letter else { return false }
        position += 1
        return true
    }

    mutating func advance() { position += 1 }

    /// Takes exactly `digits` decimal digits.
    mutating func number(digits: Int) -> Int? {
        guard count >= digits else { return nil }
        var value = 0
        for _ in 0..<digits {
            let digit = all[position] &- 0x30
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
            position += 1
        }
        return value
    }

    /// Takes as many decimal digits as there are.
    ///
    /// - Returns: how many.
    mutating func skipDigits() -> Int {
        let start = position
        while let next, next.isDigit { position += 1 }
        return position - start
    }
}

extension UInt8 {
    var isDigit: Bool { self &- 0x30 <= 9 }
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
}
