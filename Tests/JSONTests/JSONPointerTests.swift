import JSON
import Testing

/// The table of RFC 6901, section 5, and what it refuses.
@Suite("JSON Pointer and repeated keys")
struct JSONPointerTests {
    private static let document =
        ##"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"##

    @Test(arguments: [
        ("/foo/0", JSONValue.string("bar")), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4),
        ("/i\\j", 5),
        ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
    ])
    func pointersOfTheStandardReadTheirValuesAndPrintAsWritten(text: String, value: JSONValue) throws {
        let pointer = try JSONPointer(text)
        #expect(try pointer.evaluate(in: try JSONValue(parsing: Self.document)) == value)
        #expect(pointer.description == text)
    }

    @Test(arguments: ["foo", "/~2", "/~"])
    func wrongPointersAreRefused(text: String) {
        #expect(throws: JSONPointerError.self) { try JSONPointer(text) }
    }

    @Test(arguments: ["/foo/2", "/foo/01", "/foo/-", "/nope", "/foo/0/x"])
    func whatIsNotThereIsAnError(text: String) throws {
        let pointer = try JSONPointer(text)
        let value = try JSONValue(parsing: Self.document)
        #expect(throws: JSONPointerError.self) { try pointer.evaluate(in: value) }
    }

    @Test func theLastOfRepeatedKeysWinsAndTheRepetitionIsReported() throws {
        let document = try JSONDocument(parsing: "{\"a\":{\"b\":1,\n\"b\":2},\"c\":3}")
        #expect(document.value == ["a": ["b": 2], "c": 3])
        #expect(document.duplicateKeys.map(\.pointer.description) == ["/a/b"])
        #expect(document.duplicateKeys.first?.line == 2)
    }
}
