import JSON
import TestSupport
import Testing

/// Random values and random texts; a failing seed is the reproduction.
@Suite("JSON at random")
struct JSONPropertyTests {
    static let formats = [JSONFormat.compact, .pretty, JSONFormat(indentation: 3, sortsKeys: true)]

    @Test(arguments: 0..<300)
    func whatIsWrittenIsReadBack(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = JSONValue.anything(depth: 5, using: &random)
        for format in Self.formats {
            let text = value.text(format)
            let read = try JSONValue(parsing: text)
            // The same values of the same kinds, and the same text again, byte by byte.
            #expect(read == value)
            #expect(read.text(format).utf8.elementsEqual(text.utf8))
            #expect(value.bytes(format) == Array(text.utf8))
            #expect(try JSONDocument(parsing: text).duplicateKeyCount == 0)
        }
        var appended: [UInt8] = [0x20]
        value.write(to: &appended)
        #expect(appended == [0x20] + value.bytes())
    }

    @Test(arguments: 0..<300)
    func theCanonicalTextIsThatOfEveryEquivalentValue(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = JSONValue.anything(depth: 5, using: &random)
        let text = value.text(.canonical)
        let read = try JSONValue(parsing: text)
        #expect(read.isEquivalent(to: value))
        #expect(read.text(.canonical).utf8.elementsEqual(text.utf8))
        #expect(EquivalentJSON(read).hashValue == EquivalentJSON(value).hashValue)
        let shuffled = value.shuffled(using: &random)
        #expect(shuffled == value)
        #expect(shuffled.text(.canonical).utf8.elementsEqual(text.utf8))
    }

    @Test(arguments: 0..<200)
    func equivalenceIsEqualityOfCanonicalTexts(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = (0..<30).map { _ in JSONValue.anything(depth: 1, using: &random) }
        for left in values {
            for right in values {
                let isSame = left.text(.canonical).utf8.elementsEqual(right.text(.canonical).utf8)
                #expect(left.isEquivalent(to: right) == isSame)
            }
        }
    }

    /// Bytes changed, dropped, doubled and put in: a text parses, or the error has a place inside it.
    @Test(arguments: 0..<300)
    func brokenTextsGiveAValueOrAPlace(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let original = JSONValue.anything(depth: 4, using: &random).bytes(seed % 2 == 0 ? .compact : .pretty)
        for _ in 0..<40 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) { bytes.mutate(using: &random) }
            var found: JSONValue?
            do throws(JSONError) {
                let value = try JSONValue(parsing: bytes)
                found = value
                #expect(try JSONValue(parsing: value.bytes()) == value)
            } catch {
                #expect(error.offset >= 0 && error.offset <= bytes.count)
                let before = bytes[..<error.offset]
                #expect(error.line == before.count { $0 == 0x0A } + 1)
                #expect(error.column == before.reversed().prefix { $0 != 0x0A }.count + 1)
                #expect(!error.message.isEmpty)
            }
            // Every door gives the same.
            #expect((try? JSONDocument(parsing: bytes))?.value == found)
            #expect((try? JSONValue(parsing: ([0x31] + bytes)[1...])) == found)
            if let text = String(validating: bytes, as: UTF8.self) { #expect((try? JSONValue(parsing: text)) == found) }
        }
    }

    /// Keys from a small stock, so that many are repeated; a list of the members says what has to come out.
    @Test(arguments: 0..<200)
    func repeatedKeysAreReportedAndTheLastOneWins(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let stock = [3, 12, 40][Int(seed % 3)]
        var members: [String] = []
        var model: [String: Int] = [:]
        var repeated: [String] = []
        for value in 0..<Int.random(in: 0..<60, using: &random) {
            let key = ["k", "ké", "a/b~"][value % 3] + String(Int.random(in: 0..<stock, using: &random))
            members.append("\(JSONValue.string(key).text()) : \(value)")
            if model.updateValue(value, forKey: key) != nil { repeated.append(key) }
        }
        let document = try JSONDocument(parsing: "[0,{\"in\":{\(members.joined(separator: ",\n"))}}]")
        let object = try #require(document.value[1]?["in"]?.objectValue)
        #expect(object.count == model.count)
        for (key, value) in model { #expect(object[key] == .integer(Int64(value))) }
        #expect(document.duplicateKeyCount == repeated.count)
        #expect(document.duplicateKeys.map(\.pointer) == repeated.map { JSONPointer(tokens: ["1", "in", $0]) })
        for duplicate in document.duplicateKeys {
            #expect(document.value[duplicate.pointer] != nil)
            #expect(try JSONPointer(duplicate.pointer.description) == duplicate.pointer)
        }
    }
}

extension JSONValue {
    /// Any value, with numbers of every kind and texts of every length.
    static func anything(depth: Int, using random: inout SplitMix64) -> JSONValue {
        guard depth > 0, Int.random(in: 0..<3, using: &random) > 0 else { return scalar(using: &random) }
        let count = Int.random(in: 0..<7, using: &random) == 0 ? 20 : Int.random(in: 0..<5, using: &random)
        if Bool.random(using: &random) {
            return .array((0..<count).map { _ in anything(depth: depth - 1, using: &random) })
        }
        var object = JSONObject()
        for _ in 0..<count { object[string(using: &random)] = anything(depth: depth - 1, using: &random) }
        return .object(object)
    }

    private static func scalar(using random: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next() >> UInt64.random(in: 0..<64, using: &random)))
        case 3: return .integer(Int64.random(in: -3...3, using: &random))
        case 4:
            let double = Double(bitPattern: random.next())
            return .double(double.isFinite ? double : -0.0)
        case 5: return .double(Double(Int.random(in: -300...300, using: &random)) / 100)
        case 6:
            let digits = (0..<Int.random(in: 1..<40, using: &random)).map { _ in String(random.next() % 10) }.joined()
            let text = "-7\(digits).\(digits)e\(Int.random(in: -500...500, using: &random))"
            return JSONValue(number: text) ?? .null
        default: return .string(string(using: &random))
        }
    }

    private static func string(using random: inout SplitMix64) -> String {
        let largest: UInt32 = [0x20, 0x80, 0x800, 0x11_0000][Int(random.next() % 4)]
        let count = Int.random(in: 0..<9, using: &random) == 0 ? 70 : Int.random(in: 0..<12, using: &random)
        let scalars = (0..<count).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0..<largest, using: &random)) }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The same value with the members of its objects in another order.
    fileprivate func shuffled(using random: inout SplitMix64) -> JSONValue {
        switch self {
        case .array(let elements):
            return .array(elements.map { $0.shuffled(using: &random) })
        case .object(let object):
            var members: [(String, JSONValue)] = []
            for (key, value) in object { members.append((key, value.shuffled(using: &random))) }
            members.shuffle(using: &random)
            return .object(JSONObject(members))
        default: return self
        }
    }
}

extension Array<UInt8> {
    fileprivate mutating func mutate(using random: inout SplitMix64) {
        let interesting =
            Array("[]{}\",:\\u0123456789eE+-.tfn \n".utf8) + [0, 0x1F, 0x80, 0xC3, 0xED, 0xEF, 0xF0, 0xFF]
        let byte = interesting[Int.random(in: 0..<interesting.count, using: &random)]
        guard !isEmpty else { return append(byte) }
        let place = Int.random(in: 0..<count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: self[place] = byte
        case 1: insert(byte, at: place)
        case 2: remove(at: place)
        case 3: removeSubrange(place...)
        default: insert(contentsOf: self[place..<Swift.min(count, place + 6)], at: place)
        }
    }
}
