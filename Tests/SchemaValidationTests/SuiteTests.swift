import JSON
import SchemaValidation
import Testing

@Suite("The official test suite")
struct SuiteTests {
    @Test func everyRequiredCasePasses() throws {
        guard let suite = SchemaSuite() else { return }
        let options = SchemaOptions(documents: try suite.documents())
        var passed = 0
        for file in try suite.files(in: "") {
            let outcome = try suite.run(file, options: options)
            passed += outcome.passed
            #expect(outcome.failures.isEmpty, "\(file): \(outcome.failures.joined(separator: "\n"))")
        }
        print("required: \(passed) cases passed")
        #expect(passed > 1000)
    }

    @Test func everyFormatIsAsserted() throws {
        guard let suite = SchemaSuite() else { return }
        let options = SchemaOptions(formats: .assertion)
        var passed = 0
        for file in try suite.files(in: "optional/format/") {
            let outcome = try suite.run(file, options: options)
            passed += outcome.passed
            #expect(outcome.failures.isEmpty, "\(file): \(outcome.failures.joined(separator: "\n"))")
        }
        print("formats: \(passed) cases passed")
        #expect(passed > 500)
    }

    @Test(arguments: [
        "anchor", "bignum", "dependencies-compatibility", "dynamicRef", "ecmascript-regex", "float-overflow",
        "format-assertion", "id", "no-schema", "non-bmp-regex", "refOfUnknownKeyword", "unknownKeyword",
    ])
    func theOptionalFilePasses(name: String) throws {
        guard let suite = SchemaSuite() else { return }
        let outcome = try suite.run("optional/" + name, options: SchemaOptions(documents: try suite.documents()))
        print("optional \(name): \(outcome.passed) cases passed")
        #expect(outcome.failures.isEmpty, "\(outcome.failures.joined(separator: "\n"))")
        #expect(outcome.passed > 0)
    }

    /// The document of an older draft that this file refers to is not among those of the newest one.
    @Test func theOptionalFileAboutOtherDraftsPasses() throws {
        guard let suite = SchemaSuite() else { return }
        var documents = try suite.documents()
        let place = "http://localhost:1234/draft2019-09/ignore-prefixItems.json"
        documents[place] =
            documents[place] ?? [
                "$schema": "https://json-schema.org/draft/2019-09/schema", "$id": .string(place), "type": "array",
                "prefixItems": [["type": "string"]],
            ]
        let outcome = try suite.run("optional/cross-draft", options: SchemaOptions(documents: documents))
        print("optional cross-draft: \(outcome.passed) cases passed")
        #expect(outcome.failures.isEmpty, "\(outcome.failures.joined(separator: "\n"))")
        #expect(outcome.passed > 0)
    }
}
