import SchemaValidation
import Testing

@Suite("Texts")
struct TextKeywordTests {
    @Test func textsAreHeldAgainstLengthsAndPatterns() throws {
        try KeywordCase.check(
            [
                KeywordCase(
                    "minLength",
                    #"{"minLength": 2}"#,
                    valid: [#""ab""#, #""éé""#, "1"],
                    invalid: [#""""#, #""a""#, #""😀""#]
                ),
                KeywordCase(
                    "maxLength",
                    #"{"maxLength": 2}"#,
                    valid: [#""ab""#, #""😀😀""#, "[1,2,3]"],
                    invalid: [#""abc""#, #""😀😀😀""#]
                ),
                KeywordCase("no length", #"{"maxLength": 0}"#, valid: [#""""#], invalid: [#"" ""#]),
                KeywordCase(
                    "pattern anywhere",
                    #"{"pattern": "b+"}"#,
                    valid: [#""abbc""#, "1"],
                    invalid: [#""ac""#, #""""#]
                ),
                KeywordCase(
                    "pattern of the whole",
                    #"{"pattern": "^[a-z]{2,3}$"}"#,
                    valid: [#""ab""#],
                    invalid: [#""abcd""#, #""a1""#, #""ab\n""#]
                ),
                KeywordCase(
                    "pattern that is a prefix",
                    #"{"pattern": "^x-"}"#,
                    valid: [#""x-a""#],
                    invalid: [#""ax-""#, #""x""#]
                ),
                KeywordCase(
                    "pattern that is a suffix",
                    #"{"pattern": "\\.md$"}"#,
                    valid: [#""a.md""#],
                    invalid: [#""a.mdx""#, #""amd""#]
                ),
                KeywordCase(
                    "pattern that is a text",
                    #"{"pattern": "^on$"}"#,
                    valid: [#""on""#],
                    invalid: [#""one""#, #""On""#]
                ),
                KeywordCase("pattern within", #"{"pattern": "key"}"#, valid: [#""a key b""#], invalid: [#""kex""#]),
                KeywordCase("pattern that says nothing", #"{"pattern": ""}"#, valid: [#""""#, #""x""#], invalid: []),
                KeywordCase("look-ahead", #"{"pattern": "^(?!-)[a-z-]+$"}"#, valid: [#""a-b""#], invalid: [#""-a""#]),
                KeywordCase("back-reference", #"{"pattern": "^(a|b)\\1$"}"#, valid: [#""aa""#], invalid: [#""ab""#]),
                KeywordCase(
                    "Unicode",
                    #"{"pattern": "^\\p{Lu}\\p{Ll}+$"}"#,
                    valid: [#""Émile""#],
                    invalid: [#""émile""#]
                ),
                KeywordCase("beyond the BMP", #"{"pattern": "^😀{2}$"}"#, valid: [#""😀😀""#], invalid: [#""😀""#]),
            ],
            sheet: "texts"
        )
    }
}
