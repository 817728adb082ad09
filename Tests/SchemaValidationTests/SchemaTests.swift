import JSON
import SchemaValidation
import Testing

@Suite("Schemas")
struct SchemaTests {
    @Test func aTypeIsChecked() throws {
        let schema = try Schema(["type": "integer"])
        #expect(schema.isValid(3))
        #expect(!schema.isValid("3"))
    }
}
