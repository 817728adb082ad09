import JSON
import SchemaValidation
import Testing

@Suite("Formats")
struct FormatTests {
    private static func format(_ name: String, valid: [String], invalid: [String]) -> KeywordCase {
        KeywordCase(
            name,
            #"{"format": "\#(name)"}"#,
            valid: valid.map { JSONValue.string($0).text() } + ["1", "null"],
            invalid: invalid.map { JSONValue.string($0).text() },
            options: SchemaOptions(formats: .assertion)
        )
    }

    @Test func textsAreHeldAgainstFormats() throws {
        try KeywordCase.check(
            [
                Self.format(
                    "date",
                    valid: ["2024-02-29"],
                    invalid: ["2023-02-29", "2024-2-9", "24-02-29", "2024-02-29T"]
                ),
                Self.format(
                    "time",
                    valid: ["23:59:59Z", "08:30:06.283185+00:20"],
                    invalid: ["24:00:00Z", "23:59:59", "8:30:06Z"]
                ),
                Self.format(
                    "date-time",
                    valid: ["1998-12-31T23:59:60Z"],
                    invalid: ["1998-12-31 23:59:59Z", "1998-13-31T23:59:59Z"]
                ),
                Self.format("duration", valid: ["P4DT12H30M5S", "P1W"], invalid: ["P", "PT", "P1Y2W", "1D"]),
                Self.format("email", valid: ["joe.bloggs@example.com"], invalid: ["2962", "a@", ".a@example.com"]),
                Self.format("idn-email", valid: ["실례@실례.테스트"], invalid: ["2962"]),
                Self.format("hostname", valid: ["www.example.com"], invalid: ["-a.example", "a_b", ""]),
                Self.format("idn-hostname", valid: ["실례.테스트"], invalid: ["〮실례.테스트"]),
                Self.format("ipv4", valid: ["192.168.0.1"], invalid: ["256.0.0.1", "1.2.3", "087.10.0.1"]),
                Self.format("ipv6", valid: ["::1", "::ffff:192.168.0.1"], invalid: ["12345::", "::1%eth0", ":1"]),
                Self.format("uri", valid: ["https://example.org/a?b#c"], invalid: ["/a", "//a/b", "a b:c"]),
                Self.format("uri-reference", valid: ["/a", "#b"], invalid: ["\\\\windows\\share", "a b"]),
                Self.format("iri", valid: ["http://ƒøø.ßår/?∂"], invalid: ["/ab"]),
                Self.format("iri-reference", valid: ["/â"], invalid: ["#ƒräg\\mênt"]),
                Self.format(
                    "uri-template",
                    valid: ["http://example.com/{term:1}"],
                    invalid: ["http://example.com/{term"]
                ),
                Self.format(
                    "uuid",
                    valid: ["2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
                    invalid: ["2eb8aa08aa9811eab4aa73b441d16380"]
                ),
                Self.format("json-pointer", valid: ["", "/a~1b/0"], invalid: ["a", "/a~2"]),
                Self.format("relative-json-pointer", valid: ["0#", "1/a"], invalid: ["/a", "01"]),
                Self.format("regex", valid: ["^[a-z]+$"], invalid: ["^(abc]", "\\a"]),
                Self.format("something-else", valid: ["whatever"], invalid: []),
            ],
            sheet: "formats"
        )
    }

    @Test func formatsAreNotesUnlessAskedFor() throws {
        let schema: JSONValue = ["format": "date"]
        #expect(try Schema(schema).isValid("never"))
        #expect(try !Schema(schema, options: SchemaOptions(formats: .assertion)).isValid("never"))
    }

    @Test func aVocabularyTurnsThemOn() throws {
        let options = SchemaOptions(documents: [
            "https://example.org/meta": [
                "$id": "https://example.org/meta", "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$vocabulary": [
                    "https://json-schema.org/draft/2020-12/vocab/core": true,
                    "https://json-schema.org/draft/2020-12/vocab/format-assertion": true,
                ],
            ]
        ])
        let schema = try Schema(["$schema": "https://example.org/meta", "format": "date"], options: options)
        #expect(schema.isValid("2025-01-31"))
        #expect(!schema.isValid("never"))
    }

    @Test func longTextsAreHeldAgainstFormatsInBoundedTime() throws {
        let long = String(repeating: "a.", count: 200_000)
        for format in [
            "email", "idn-email", "hostname", "idn-hostname", "uri", "iri", "uri-template", "ipv6", "regex", "duration",
        ] {
            let schema = try Schema(["format": .string(format)], options: SchemaOptions(formats: .assertion))
            let elapsed = ContinuousClock().measure { _ = schema.isValid(.string(long)) }
            #expect(elapsed < .seconds(5), "\(format): \(elapsed)")
        }
    }
}
