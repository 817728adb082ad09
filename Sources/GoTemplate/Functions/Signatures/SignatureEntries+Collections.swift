extension SignatureEntry {
    static let object = [
        SignatureEntry("dict(pairs: any...) -> object", examples: [(#"dict "a" 1 "b" "x""#, #"{"a":1,"b":"x"}"#)]),
        SignatureEntry(
            "get(object: object, key: string) -> any",
            examples: [(#"get (dict "a" 1) "a""#, "1"), (#"get (dict) "a" | quote"#, #""""#)]
        ),
        SignatureEntry(
            "set(object: object, key: string, value: any) -> type of 1",
            examples: [(#"set (dict "a" 1) "b" 2"#, #"{"a":1,"b":2}"#)]
        ),
        SignatureEntry(
            "unset(object: object, key: string) -> type of 1",
            examples: [(#"unset (dict "a" 1 "b" 2) "a""#, #"{"b":2}"#)]
        ),
        SignatureEntry(
            "hasKey(object: object, key: string) -> boolean",
            examples: [(#"hasKey (dict "a" nil) "a""#, "true")]
        ),
        SignatureEntry(
            "keys(objects: object...) -> list of string",
            examples: [(#"keys (dict "b" 1 "a" 2)"#, #"["a","b"]"#)]
        ),
        SignatureEntry("values(object: object) -> list", examples: [(#"values (dict "b" 1 "a" 2)"#, "[2,1]")]),
        SignatureEntry(
            "pluck(key: string, objects: object...) -> list",
            examples: [(#"pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3)"#, "[1,3]")]
        ),
        SignatureEntry(
            "pick(object: object, keys: string...) -> object",
            examples: [(#"pick (dict "a" 1 "b" 2) "a" "c""#, #"{"a":1}"#)]
        ),
        SignatureEntry(
            "omit(object: object, keys: string...) -> object",
            examples: [(#"omit (dict "a" 1 "b" 2) "a""#, #"{"b":2}"#)]
        ),
        SignatureEntry(
            "dig(key: string, more: any, last: any, others: any...) -> any",
            examples: [(#"dig "a" "b" "none" (dict "a" (dict "b" 1))"#, "1"), (#"dig "x" "none" (dict)"#, "none")]
        ),
        SignatureEntry(
            "deepCopy(value: any) -> type of 1",
            examples: [(#"deepCopy (dict "a" (list 1))"#, #"{"a":[1]}"#)]
        ),
        SignatureEntry(
            "merge(into: object, from: object...) -> type of 1",
            examples: [(#"merge (dict "a" 1 "b" "") (dict "a" 5 "b" 6 "c" 7)"#, #"{"a":1,"b":6,"c":7}"#)]
        ),
        SignatureEntry(
            "mergeOverwrite(into: object, from: object...) -> type of 1",
            examples: [(#"mergeOverwrite (dict "a" 1 "b" 2) (dict "a" 5)"#, #"{"a":5,"b":2}"#)]
        ),
    ]

    static let list = [
        SignatureEntry("list(values: any...) -> list", examples: [(#"list 1 "a" nil"#, #"[1,"a",null]"#)]),
        SignatureEntry("first(list: list) -> element of 1", examples: [("first (list 1 2)", "1")]),
        SignatureEntry("last(list: list) -> element of 1", examples: [("last (list 1 2)", "2")]),
        SignatureEntry("rest(list: list) -> type of 1", examples: [("rest (list 1 2 3)", "[2,3]")]),
        SignatureEntry("initial(list: list) -> type of 1", examples: [("initial (list 1 2 3)", "[1,2]")]),
        SignatureEntry("append(list: list, value: any) -> list", examples: [("append (list 1) 2", "[1,2]")]),
        SignatureEntry("push(list: list, value: any) -> list", examples: [("push (list 1) 2", "[1,2]")]),
        SignatureEntry("prepend(list: list, value: any) -> list", examples: [("prepend (list 1) 2", "[2,1]")]),
        SignatureEntry("reverse(list: list) -> type of 1", examples: [("reverse (list 1 2 3)", "[3,2,1]")]),
        SignatureEntry("uniq(list: list) -> type of 1", examples: [("uniq (list 1 2 1)", "[1,2]")]),
        SignatureEntry(
            "without(list: list, values: any...) -> type of 1",
            examples: [("without (list 1 2 3) 2", "[1,3]")]
        ),
        SignatureEntry("has(value: any, list: list) -> boolean", examples: [("has 2 (list 1 2)", "true")]),
        SignatureEntry("compact(list: list) -> type of 1", examples: [(#"compact (list 0 1 "" "a")"#, #"[1,"a"]"#)]),
        SignatureEntry(
            "slice(list: list, bounds: any...) -> type of 1",
            examples: [("slice (list 1 2 3 4) 1 3", "[2,3]")]
        ),
        SignatureEntry(
            "chunk(size: integer, list: list) -> list of type of 2",
            examples: [("chunk 2 (list 1 2 3)", "[[1,2],[3]]")]
        ),
        SignatureEntry("concat(lists: list...) -> list", examples: [("concat (list 1) (list 2 3)", "[1,2,3]")]),
        SignatureEntry("until(count: integer) -> list of integer", examples: [("until 3", "[0,1,2]")]),
        SignatureEntry(
            "untilStep(start: integer, stop: integer, step: integer) -> list of integer",
            examples: [("untilStep 1 10 3", "[1,4,7]")]
        ),
        SignatureEntry("seq(bounds: integer...) -> string", examples: [("seq 3", "1 2 3"), ("seq 0 2 6", "0 2 4 6")]),
    ]

    static let textList = [
        SignatureEntry(
            "splitList(separator: string, text: string) -> list of string",
            examples: [(#"splitList "," "a,b,c""#, #"["a","b","c"]"#)]
        ),
        SignatureEntry(
            "split(separator: string, text: string) -> object of string",
            examples: [(#"(split "," "a,b,c")._1"#, "b")]
        ),
        SignatureEntry(
            "splitn(separator: string, limit: integer, text: string) -> object of string",
            examples: [(#"splitn "," 2 "a,b,c""#, #"{"_0":"a","_1":"b,c"}"#)]
        ),
        SignatureEntry(
            "join(separator: string, list: any) -> string",
            examples: [(#"join "-" (list 1 "a" nil)"#, "1-a")]
        ),
        SignatureEntry("cat(values: any...) -> string", examples: [(#"cat 1 nil "a""#, "1 a")]),
        SignatureEntry(
            "sortAlpha(list: any) -> list of string",
            examples: [(#"sortAlpha (list "b" 10 9)"#, #"["10","9","b"]"#)]
        ),
        SignatureEntry("quote(values: any...) -> string", examples: [(#"quote "a" 1 nil"#, #""a" "1""#)]),
        SignatureEntry("squote(values: any...) -> string", examples: [(#"squote "a" 1"#, "'a' '1'")]),
    ]
}
