import JSON
import Testing

@Suite("Value path")
struct ValuePathTests {
    private static let value: JSONValue = [
        "a": ["b": 1, "c.d": 2, "e": ["f": .null]], "list": [["name": "x", "deep": [[10, 11]]], ["name": "y"]],
        "dotted.key": 3, "x[0]": 4,
        "": ["": 5], "7": "seven", "login-cluster": ["token": 6], "é": 8, "status": "ok", "a.b.c": 9, "open[": 10,
    ]

    @Test(
        arguments: [
            ("a.b", 1), ("a.c.d", 2), ("list[1].name", "y"), ("list.1.name", "y"), ("list[0].deep[0][1]", 11),
            ("list.0.deep.0.1", 11),
            ("dotted.key", 3), ("x[0]", 4), ("7", "seven"), ("login-cluster.token", 6), ("é", 8), ("a.b.c", 9),
            ("a.e.f", .null), ("open[", 10),
            ("..", 5), ("list.[1].name", "y"), ("list[1]name", "y"), ("status.", "ok"),
        ] as [(String, JSONValue)]
    )
    func leadsToAValue(path: String, expected: JSONValue) throws {
        #expect(ValuePath(path).value(in: Self.value) == expected)
        #expect(try ValuePath(path).evaluate(in: Self.value) == expected)
        #expect(Self.value[ValuePath(path)] == expected)
        #expect(ValuePath(path).description == path)
    }

    @Test func theEmptyPathIsTheWholeValue() {
        #expect(ValuePath("").value(in: Self.value) == Self.value)
        #expect(ValuePath("").value(in: 1) == 1)
    }

    /// A path, the offset of the segment that leads nowhere, its kind, what the error says, and the key that was meant.
    @Test(
        arguments: [
            ("a.x", 2, .missing, "at 'a': there is no member \"x\"", nil),
            ("nope", 0, .missing, "at the whole value: there is no member", nil),
            ("list[2]", 4, .missing, "at 'list': there are 2 elements, none at 2", nil),
            ("list[0].nmae", 8, .missing, "at 'list[0]'", "name"),
            ("sttus", 0, .missing, "\"sttus\"", "status"), ("STATUS", 0, .missing, "\"STATUS\"", "status"),
            ("statuss", 0, .missing, "\"statuss\"", "status"),
            ("stotus", 0, .missing, "\"stotus\"", "status"), ("stttus", 0, .missing, "\"stttus\"", "status"),
            ("stus", 0, .missing, "\"stus\"", nil),
            ("list[x]", 4, .invalidSyntax, "\"x\" is no index", nil),
            ("list[-1]", 4, .invalidSyntax, "\"-1\" is no index", nil),
            ("list[+1]", 4, .invalidSyntax, "no index", nil), ("list[01]", 4, .invalidSyntax, "no index", nil),
            ("list[]", 4, .invalidSyntax, "\"\" is no index", nil),
            ("list.name", 5, .invalidSyntax, "\"name\" is no index", nil),
            ("list[99999999999999999999]", 4, .invalidSyntax, "no index", nil),
            ("list[1", 4, .invalidSyntax, "'[' without ']'", nil), ("a[0]", 1, .missing, "type object", nil),
            ("status.x", 7, .missing, "type string", nil),
            ("a.b.d", 4, .missing, "type integer", nil), ("a.e.f.g", 6, .missing, "type null", nil),
            ("status..", 7, .missing, "type string", nil),
        ] as [(String, Int, ValuePathError.Code, String, String?)]
    )
    func saysWhereAPathEnds(path: String, offset: Int, code: ValuePathError.Code, says: String, nearest: String?) {
        #expect(ValuePath(path).value(in: Self.value) == nil)
        let error = #expect(throws: ValuePathError.self) { try ValuePath(path).evaluate(in: Self.value) }
        #expect(error?.offset == offset)
        #expect(error?.code == code)
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
        #expect(error?.nearestKey == nearest)
        #expect(error?.description.hasSuffix("did you mean \"\(nearest ?? "")\"?") == (nearest != nil))
    }

    @Test func aLongPathFindsNothing() throws {
        let key = String(repeating: "k", count: ValuePath.maximumSize)
        let value: JSONValue = .object([key: 1, key + "k": 2])
        #expect(ValuePath(key).value(in: value) == 1)
        #expect(ValuePath(key + "k").value(in: value) == nil)
        let error = #expect(throws: ValuePathError.self) { try ValuePath(key + "k").evaluate(in: value) }
        #expect(error?.code == .tooLong)
        #expect(error?.message.contains("4096") == true)
    }

    @Test func pathsOfManySegmentsAreFollowed() {
        var value: JSONValue = 1
        for _ in 0..<1000 { value = [value] }
        #expect(ValuePath(String(repeating: "[0]", count: 1000)).value(in: value) == 1)
        #expect(ValuePath(String(repeating: "0.", count: 999) + "0").value(in: value) == 1)
    }

    @Test func pathsThatOnlyLookAlikeAreDifferent() {
        #expect(ValuePath("caf\u{E9}") != ValuePath("cafe\u{301}"))
        #expect(Set([ValuePath("a"), ValuePath("a"), ValuePath("b")]).count == 2)
    }
}
