import JSON
import SchemaValidation
import Testing

@Suite("Objects")
struct ObjectKeywordTests {
    @Test func membersAreHeldAgainstTheirSchemas() throws {
        try KeywordCase.check(
            [
                KeywordCase(
                    "properties",
                    #"{"properties": {"port": {"type": "integer"}, "a/b~c": {"type": "string"}}}"#,
                    valid: ["{}", #"{"port":1,"other":null}"#, "[]"],
                    invalid: [#"{"port":"80"}"#, #"{"a/b~c":1}"#]
                ),
                KeywordCase(
                    "required",
                    #"{"required": ["name", "port"]}"#,
                    valid: [#"{"name":1,"port":null}"#, "[]"],
                    invalid: ["{}", #"{"name":1}"#]
                ),
                KeywordCase(
                    "required within",
                    #"{"properties": {"servers": {"items": {"required": ["port"]}}}}"#,
                    valid: [#"{"servers":[{"port":1}]}"#],
                    invalid: [#"{"servers":[{"port":1},{}]}"#]
                ),
                KeywordCase(
                    "additionalProperties false",
                    #"{"properties": {"replicas": true, "namespace": true}, "additionalProperties": false}"#,
                    valid: [#"{"replicas":1}"#],
                    invalid: [#"{"replica":1}"#, #"{"something":1,"namespaces":2}"#]
                ),
                KeywordCase(
                    "additionalProperties",
                    #"{"additionalProperties": {"type": "string"}}"#,
                    valid: [#"{"a":"b"}"#],
                    invalid: [#"{"a":"b","c":1}"#]
                ),
                KeywordCase(
                    "patternProperties",
                    #"{"patternProperties": {"^x-": {"type": "string"}, "n$": {"minimum": 0}}, "additionalProperties": false}"#,
                    valid: [#"{"x-a":"b","n":1}"#],
                    invalid: [#"{"x-a":1}"#, #"{"x-n":-1}"#, #"{"y":1}"#]
                ),
                KeywordCase(
                    "propertyNames",
                    #"{"propertyNames": {"maxLength": 3}}"#,
                    valid: [#"{"abc":1}"#],
                    invalid: [#"{"abcd":1,"a":2}"#]
                ),
                KeywordCase(
                    "propertyNames by pattern",
                    #"{"propertyNames": {"pattern": "^[a-z]+$"}}"#,
                    valid: [#"{"abc":1}"#],
                    invalid: [#"{"A b":1}"#]
                ),
                KeywordCase("minProperties", #"{"minProperties": 1}"#, valid: [#"{"a":1}"#, "[]"], invalid: ["{}"]),
                KeywordCase(
                    "maxProperties",
                    #"{"maxProperties": 1}"#,
                    valid: ["{}", #"{"a":1}"#],
                    invalid: [#"{"a":1,"b":2}"#]
                ),
                KeywordCase(
                    "dependentRequired",
                    #"{"dependentRequired": {"user": ["password", "host"]}}"#,
                    valid: ["{}", #"{"password":1}"#, #"{"user":1,"password":2,"host":3}"#],
                    invalid: [#"{"user":1}"#, #"{"user":1,"host":2}"#]
                ),
                KeywordCase(
                    "dependentSchemas",
                    #"{"dependentSchemas": {"tls": {"required": ["certificate"], "properties": {"port": {"minimum": 443}}}}}"#,
                    valid: [#"{"port":80}"#, #"{"tls":true,"certificate":"c"}"#],
                    invalid: [#"{"tls":true,"port":80}"#]
                ),
                KeywordCase(
                    "dependencies of older drafts",
                    #"{"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}"#,
                    valid: [#"{"b":1}"#],
                    invalid: [#"{"a":1}"#, #"{"c":1}"#]
                ),
                KeywordCase(
                    "names by bytes",
                    #"{"properties": {"é": {"type": "string"}}, "additionalProperties": false}"#,
                    valid: [#"{"é":"a"}"#],
                    invalid: ["{\"e\u{301}\":\"a\"}"]
                ),
                KeywordCase(
                    "long names",
                    #"{"properties": {"a_rather_long_name_of_a_property_1": {"type": "string"}, "a_rather_long_name_of_a_property_2": {"type": "null"}}}"#,
                    valid: [#"{"a_rather_long_name_of_a_property_1":"a","a_rather_long_name_of_a_property_2":null}"#],
                    invalid: [#"{"a_rather_long_name_of_a_property_1":null}"#]
                ),
            ],
            sheet: "objects"
        )
    }

    @Test func manyRequiredMembersAreAllAskedFor() throws {
        let names = (0..<200).map { "member\($0)" }
        let schema = try Schema(["required": .array(names.map { .string($0) }), "properties": ["member0": true]])
        var object = JSONObject(names.map { ($0, 1) })
        #expect(schema.isValid(.object(object)))
        object["member150"] = nil
        let result = schema.validate(.object(object))
        #expect(result.errors.map(\.message) == ["missing required property 'member150'"])
    }
}
