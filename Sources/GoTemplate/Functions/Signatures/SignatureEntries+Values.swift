extension SignatureEntry {
    static let access = [
        SignatureEntry(
            "index(value: any, keys: any...) -> any",
            examples: [(#"index (list "a" "b") 1"#, "b"), (#"index (dict "a" (dict "b" 5)) "a" "b""#, "5")]
        ),
        SignatureEntry("len(value: any) -> integer", examples: [(#"len "abc""#, "3"), ("len (list 1 2)", "2")]),
        SignatureEntry("call(function: any, arguments: any...) -> any", alwaysFails: true),
    ]

    static let comparison = [
        SignatureEntry(
            "eq(first: any, others: any...) -> boolean",
            examples: [("eq 3 3.0", "true"), (#"eq "b" "a" "b""#, "true")]
        ),
        SignatureEntry("ne(left: any, right: any) -> boolean", examples: [("ne 1 2", "true")]),
        SignatureEntry(
            "lt(left: number | string, right: number | string) -> boolean",
            examples: [("lt 1 2.5", "true"), (#"lt "a" "b""#, "true")]
        ),
        SignatureEntry("le(left: number | string, right: number | string) -> boolean", examples: [("le 2 2", "true")]),
        SignatureEntry("gt(left: number | string, right: number | string) -> boolean", examples: [("gt 1 2", "false")]),
        SignatureEntry("ge(left: number | string, right: number | string) -> boolean", examples: [("ge 2 1", "true")]),
        SignatureEntry("not(value: any) -> boolean", examples: [(#"not """#, "true")]),
        SignatureEntry(
            "and(first: any, others: any...) -> any",
            examples: [(#"and 1 "x""#, "x"), (#"and 0 (fail "never")"#, "0")]
        ),
        SignatureEntry(
            "or(first: any, others: any...) -> any",
            examples: [(#"or "" "x""#, "x"), (#"or 1 (fail "never")"#, "1")]
        ),
    ]

    static let format = [
        SignatureEntry(
            "print(values: any...) -> string",
            examples: [(#"print 1 2 "a" "b" 3"#, "1 2ab3"), (#"print (dict "a" 1)"#, #"{"a":1}"#)]
        ),
        SignatureEntry("println(values: any...) -> string", examples: [(#"println "a" 1 | quote"#, #""a 1\n""#)]),
        SignatureEntry(
            "printf(format: string, values: any...) -> string",
            examples: [
                (#"printf "%s is %d%%" "load" 42"#, "load is 42%"), (#"printf "%05.2f" 3.14159"#, "03.14"),
                (#"printf "%[2]v %[1]q" "a" 7"#, #"7 "a""#),
            ]
        ),
        SignatureEntry("html(values: any...) -> string", examples: [(#"html "<b>&</b>""#, "&lt;b&gt;&amp;&lt;/b&gt;")]),
        SignatureEntry("js(values: any...) -> string", examples: [(#"js "it's""#, #"it\'s"#)]),
        SignatureEntry("urlquery(values: any...) -> string", examples: [(#"urlquery "a b&c""#, "a+b%26c")]),
    ]

    static let conversion = [
        SignatureEntry("int(value: any) -> integer", examples: [(#"int "0x1F""#, "31"), ("int 3.9", "3")]),
        SignatureEntry("int64(value: any) -> integer", examples: [(#"int64 "42""#, "42")]),
        SignatureEntry("float64(value: any) -> number", examples: [(#"float64 "2.50""#, "2.5")]),
        SignatureEntry("atoi(text: string) -> integer", examples: [(#"atoi "042""#, "42"), (#"atoi "x""#, "0")]),
        SignatureEntry("toDecimal(value: any) -> integer", examples: [(#"toDecimal "0777""#, "511")]),
        SignatureEntry("toString(value: any) -> string", examples: [("toString 3 | quote", #""3""#)]),
        SignatureEntry(
            "toStrings(value: any) -> list of string",
            examples: [(#"toStrings (list 1 nil "a")"#, #"["1","a"]"#)]
        ),
    ]

    static let defaults = [
        SignatureEntry(
            "default(fallback: any, values: any...) -> type of 1 | type of 2",
            examples: [(#"default "none" """#, "none"), (#""x" | default "none""#, "x")]
        ),
        SignatureEntry("empty(value: any) -> boolean", examples: [("empty (list)", "true")]),
        SignatureEntry("coalesce(values: any...) -> any", examples: [(#"coalesce "" 0 "x""#, "x")]),
        SignatureEntry("all(values: any...) -> boolean", examples: [(#"all 1 "x" true"#, "true")]),
        SignatureEntry("any(values: any...) -> boolean", examples: [(#"any 0 """#, "false")]),
        SignatureEntry(
            "ternary(yes: any, no: any, test: boolean) -> type of 1 | type of 2",
            examples: [(#"ternary "on" "off" true"#, "on"), (#"eq 1 2 | ternary "same" "different""#, "different")]
        ),
        SignatureEntry("fail(message: string) -> any", alwaysFails: true),
        SignatureEntry("hello() -> string", examples: [("hello", "Hello!")]),
    ]

    static let json = [
        SignatureEntry(
            "toJson(value: any) -> string",
            examples: [(#"toJson (dict "a" (list 1 "<"))"#, #"{"a":[1,"\u003c"]}"#)]
        ),
        SignatureEntry(
            "toPrettyJson(value: any) -> string",
            examples: [(#"toPrettyJson (dict "a" 1)"#, "{\n  \"a\": 1\n}")]
        ),
        SignatureEntry("toRawJson(value: any) -> string", examples: [(#"toRawJson (dict "a" "<")"#, #"{"a":"<"}"#)]),
        SignatureEntry(
            "fromJson(text: string) -> any",
            examples: [(#"(fromJson "{\"a\":[1,2]}").a"#, "[1,2]"), (#"fromJson "{" | empty"#, "true")]
        ),
        SignatureEntry("mustFromJson(text: string) -> any", examples: [(#"mustFromJson "[1,2]" | last"#, "2")]),
    ]

    static let reflection = [
        SignatureEntry(
            "typeOf(value: any) -> string",
            examples: [("typeOf 3", "int"), ("typeOf (list)", "[]interface {}")]
        ),
        SignatureEntry("typeIs(name: string, value: any) -> boolean", examples: [(#"typeIs "string" "x""#, "true")]),
        SignatureEntry(
            "typeIsLike(name: string, value: any) -> boolean",
            examples: [(#"typeIsLike "semver.Version" (semver "1.2.3")"#, "true")]
        ),
        SignatureEntry("kindOf(value: any) -> string", examples: [("kindOf (dict)", "map")]),
        SignatureEntry("kindIs(name: string, value: any) -> boolean", examples: [(#"kindIs "slice" (list)"#, "true")]),
        SignatureEntry(
            "deepEqual(left: any, right: any) -> boolean",
            examples: [("deepEqual (list 1 2) (list 1.0 2)", "true")]
        ),
    ]
}
