extension SignatureEntry {
    static let string = [
        SignatureEntry("trim(text: string) -> string", examples: [(#"trim "  a b " | quote"#, #""a b""#)]),
        SignatureEntry(
            "trimAll(characters: string, text: string) -> string",
            examples: [(#"trimAll "$-" "-$5.00$""#, "5.00")]
        ),
        SignatureEntry(
            "trimPrefix(prefix: string, text: string) -> string",
            examples: [(#"trimPrefix "v" "v1.2""#, "1.2")]
        ),
        SignatureEntry(
            "trimSuffix(suffix: string, text: string) -> string",
            examples: [(#"trimSuffix ".yaml" "a.yaml""#, "a")]
        ),
        SignatureEntry(
            "trunc(length: integer, text: string) -> string",
            examples: [(#"trunc 5 "hello world""#, "hello"), (#"trunc -5 "hello world""#, "world")]
        ),
        SignatureEntry(
            "substr(start: integer, end: integer, text: string) -> string",
            examples: [(#"substr 0 5 "hello world""#, "hello")]
        ),
        SignatureEntry(
            "abbrev(width: integer, text: string) -> string",
            examples: [(#"abbrev 8 "hello world""#, "hello...")]
        ),
        SignatureEntry(
            "abbrevboth(offset: integer, width: integer, text: string) -> string",
            examples: [(#"abbrevboth 5 10 "1234 5678 9123""#, "...5678...")]
        ),
        SignatureEntry("initials(text: string) -> string", examples: [(#"initials "First Try""#, "FT")]),
        SignatureEntry("nospace(text: string) -> string", examples: [(#"nospace " a b c ""#, "abc")]),
        SignatureEntry(
            "contains(part: string, text: string) -> boolean",
            examples: [(#"contains "ell" "hello""#, "true")]
        ),
        SignatureEntry(
            "hasPrefix(prefix: string, text: string) -> boolean",
            examples: [(#"hasPrefix "he" "hello""#, "true")]
        ),
        SignatureEntry(
            "hasSuffix(suffix: string, text: string) -> boolean",
            examples: [(#"hasSuffix "lo" "hello""#, "true")]
        ),
        SignatureEntry(
            "replace(old: string, new: string, text: string) -> string",
            examples: [(#"replace " " "-" "a b c""#, "a-b-c")]
        ),
        SignatureEntry(
            "plural(one: string, many: string, count: integer) -> string",
            examples: [(#"plural "one node" "many nodes" 3"#, "many nodes")]
        ),
        SignatureEntry("repeat(count: integer, text: string) -> string", examples: [(#"repeat 3 "ab""#, "ababab")]),
        SignatureEntry(
            "indent(width: integer, text: string) -> string",
            examples: [(#"indent 2 "a\nb" | quote"#, #""  a\n  b""#)]
        ),
        SignatureEntry(
            "nindent(width: integer, text: string) -> string",
            examples: [(#"nindent 2 "a" | quote"#, #""\n  a""#)]
        ),
        SignatureEntry(
            "wrap(width: integer, text: string) -> string",
            examples: [(#"wrap 5 "one two three" | quote"#, #""one\ntwo\nthree""#)]
        ),
        SignatureEntry(
            "wrapWith(width: integer, separator: string, text: string) -> string",
            examples: [(#"wrapWith 5 "|" "one two three""#, "one|two|three")]
        ),
    ]

    static let `case` = [
        SignatureEntry("upper(text: string) -> string", examples: [(#"upper "abc""#, "ABC")]),
        SignatureEntry("lower(text: string) -> string", examples: [(#"lower "ABC""#, "abc")]),
        SignatureEntry("title(text: string) -> string", examples: [(#"title "hello wide world""#, "Hello Wide World")]),
        SignatureEntry("untitle(text: string) -> string", examples: [(#"untitle "Hello World""#, "hello world")]),
        SignatureEntry("swapcase(text: string) -> string", examples: [(#"swapcase "Hello""#, "hELLO")]),
        SignatureEntry("snakecase(text: string) -> string", examples: [(#"snakecase "FirstName""#, "first_name")]),
        SignatureEntry(
            "kebabcase(text: string) -> string",
            examples: [(#"kebabcase "HTTPServer2xx""#, "http-server-2xx")]
        ),
        SignatureEntry("camelcase(text: string) -> string", examples: [(#"camelcase "http_server""#, "HttpServer")]),
    ]

    static let encoding = [
        SignatureEntry("b64enc(text: string) -> string", examples: [(#"b64enc "hello""#, "aGVsbG8=")]),
        SignatureEntry(
            "b64dec(text: string) -> string",
            examples: [(#"b64dec "aGVsbG8=""#, "hello"), (#"b64dec "!""#, "illegal base64 data at input byte 0")]
        ),
        SignatureEntry("b32enc(text: string) -> string", examples: [(#"b32enc "hello""#, "NBSWY3DP")]),
        SignatureEntry("b32dec(text: string) -> string", examples: [(#"b32dec "NBSWY3DP""#, "hello")]),
    ]

    static let path = [
        SignatureEntry("base(path: string) -> string", examples: [(#"base "/etc/hosts""#, "hosts")]),
        SignatureEntry("dir(path: string) -> string", examples: [(#"dir "/etc/hosts""#, "/etc")]),
        SignatureEntry("clean(path: string) -> string", examples: [(#"clean "a/../b//c""#, "b/c")]),
        SignatureEntry("ext(path: string) -> string", examples: [(#"ext "x.tar.gz""#, ".gz")]),
        SignatureEntry("isAbs(path: string) -> boolean", examples: [(#"isAbs "/etc""#, "true")]),
    ]

    static let regex = [
        SignatureEntry(
            "regexMatch(pattern: string, text: string) -> boolean",
            examples: [(#"regexMatch "^a+$" "aaa""#, "true")]
        ),
        SignatureEntry(
            "mustRegexMatch(pattern: string, text: string) -> boolean",
            examples: [(#"mustRegexMatch "b" "abc""#, "true")]
        ),
        SignatureEntry("regexQuoteMeta(text: string) -> string", examples: [(#"regexQuoteMeta "1.2.3""#, #"1\.2\.3"#)]),
        SignatureEntry(
            "regexFind(pattern: string, text: string) -> string",
            examples: [(#"regexFind "[0-9]+" "a12b3""#, "12")]
        ),
        SignatureEntry(
            "regexFindAll(pattern: string, text: string, limit: integer) -> list of string",
            examples: [(#"regexFindAll "[0-9]+" "a12b3" -1"#, #"["12","3"]"#)]
        ),
        SignatureEntry(
            "regexReplaceAll(pattern: string, text: string, replacement: string) -> string",
            examples: [(#"regexReplaceAll "a(x*)b" "ab-axxb" "${1}W""#, "W-xxW")]
        ),
        SignatureEntry(
            "regexReplaceAllLiteral(pattern: string, text: string, replacement: string) -> string",
            examples: [(#"regexReplaceAllLiteral "a(x*)b" "ab-axxb" "${1}""#, "${1}-${1}")]
        ),
        SignatureEntry(
            "regexSplit(pattern: string, text: string, limit: integer) -> list of string",
            examples: [(#"regexSplit ",+" "a,b,,c" -1"#, #"["a","b","c"]"#)]
        ),
    ]

    static let url = [
        SignatureEntry(
            "urlParse(url: string) -> object of string",
            examples: [(#"(urlParse "https://h:80/p?q#f").host"#, "h:80")]
        ),
        SignatureEntry(
            "urlJoin(parts: object) -> string",
            examples: [(#"urlJoin (dict "scheme" "https" "host" "h" "path" "/a b")"#, "https://h/a%20b")]
        ),
    ]
}
