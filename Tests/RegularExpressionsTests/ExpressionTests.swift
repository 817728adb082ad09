import RegularExpressions
import Testing

@Suite("Regular expressions")
struct ExpressionTests {
    @Test func aSearchFindsTheLeftmostMatch() throws {
        let expression = try RegularExpression("b+")
        #expect(try expression.matches("abbc"))
        #expect(try expression.firstMatch(in: "äbbc")?.range == 2..<4)
    }
}
