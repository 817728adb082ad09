"""Makes templates with data: every function with fitting and hostile arguments, and every form of the language."""
import random

TEXTS = [
    "", " ", "a", "abc", "Hello World", "hello wide  world", "foo_bar-baz", "FooBarBaz", "HTTPServer2", "some_snake_CASE",
    "it's", 'say "hi"', "back\\slash", "tab\there", "line1\nline2\n", "\r\nx", "  padded  ", "\u00a0nbsp\u00a0", "éclair",
    "e\u0301clair", "日本語テキスト", "ÀÉÎ õ", "Straße", "ИВАН Петров", "\u017elu\u0165ou\u010dk\u00fd k\u016f\u0148", "😀 x😀",
    "<b>&'x'</b>", "a,b,,c", "a/b/c", "one two three four five six", "true", "false", "null", "nil", "{{x}}", "%d %s", "100%",
    "a.b.c", "x=1&y=2", "\u2028sep\u2029", "\x00nul\x01", "\x7fdel", "$1 ${1} $$", "aaa", "abcabcabc", "-", "--x--", "_",
    "ǅungla ǆ", "ﬁ ligature", "İstanbul ıI", "ΑΣ ας", "a\u200bb", "\ufeffbom", "zz top", "ALL CAPS", "Title Case Text",
    "3rd place", "v2 api", "user@example.com", "a\tb c\nd", "ab  cd", "\u3000wide\u3000", "\u0085nel",
]
NUMBER_TEXTS = [
    "0", "1", "-1", "+7", "42", "007", "08", "010", "0x1F", "0X1f", "0b101", "0o17", "1_000", "1__0", "_1", "3.0", "3.00", "3.5",
    "-0", "1e3", "1E-3", ".5", "5.", "abc", "12abc", " 12", "12 ", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "1e400", "NaN", "Inf", "-inf", "0x1p4", "0x1.8p1", "1_0.5", "٣", "1,000",
    "0.1", "2.675", "123456789.987654321", "1e21", "1e-7", "777", "0777", "8", "00", "0.0", "-3.7", "--1", "+-1", "",
]
INTEGERS = [0, 1, 2, 3, 5, 7, 10, 12, 42, 64, 100, 255, 999, 1000, -1, -2, -3, -7, -10, -100]
LARGE = [
    2**31 - 1, 2**31, 2**32, 2**53, 2**53 + 1, 10**15, 123456789012345678, 2**62, 2**63 - 1, -(2**31) - 1, -(2**53) - 1,
    -(2**62), -(2**63), 1700000000, 1709210096, -62135596800, 253402300799,
]
FLOATS = [
    0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 2.5, 2.675, 3.0, 3.14159, 3.7, -0.5, -1.5, -2.4, -2.5, 1e-7, 1e-5, 0.0001, 123456.789, 1e5, 1e6,
    123456789.0, 1.23e10, 9007199254740993.0, 1e15, 1e-300, 0.1 + 0.2, 1 / 3, 2 / 3, 99.995, -17.576, 5e-324, 2.2250738585072014e-308,
]
HUGE_FLOATS = [1e21, 1e22, 1.5e300, 1.7976931348623157e308, -1e100]
DATES = [
    "2024-02-29T12:34:56Z", "2024-02-29", "2023-02-29", "1999-12-31 23:59:59", "2024-07-01T00:00:00+02:00", "01 Dec 2023 09:05",
    "Thu Feb 29 12:34:56 2024", "Thu, 29 Feb 2024 12:34:56 CET", "Thu, 29 Feb 2024 12:34:56 +0100", "12:34", "3:04PM", "11:59pm",
    "2024-02-29T12:34:56.789123456Z", "2024-02-29T12:34:56,5Z", "2024-13-01", "2024-1-2", "24-02-29", "Feb  5 01:02:03", "0001-01-01", "9999-12-31",
    "2024 060", "1709210096", "2024-02-29T24:00:00Z", "2024-02-29T12:60:00Z", "2024-02-29T12:34:56-07:30", "Monday", "2024-02-29 12:34:56 EST", "2024-02-29 12:34:56 GMT+3",
]
LAYOUTS = [
    "2006-01-02", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05", "02 Jan 2006 15:04", "Mon Jan _2 15:04:05 2006",
    "Mon, 02 Jan 2006 15:04:05 MST", "Mon, 02 Jan 2006 15:04:05 -0700", "15:04", "3:04PM", "03:04pm", "2006-01-02T15:04:05.999999999Z07:00",
    "2006-01-02T15:04:05.000", "15:04:05,99", "Monday, 2 January 06", "Jan _2", "2006 002", "__2", "2006-1-2", "06-01-02", "Z0700 -07 -07:00:00 Z07",
    "January Jan Janet Mon Monday Mondays", "_2006 _2", "05.00 4:5 01/02 03:04:05PM '06 -0700", "", "no layout", "20060102150405", "2006-01-02 15:04:05 MST",
    "05.000000000000", "PM pm", "1 2 3 4 5 6", "0102 030405", "002002", "2006-01-02 15:04:05 -0700 MST", "\u00e9 2006", ".00 ,000 .999", "-070000 Z070000 Z07:00:00",
]
ZONES = [
    "UTC", "Local", "", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney", "Pacific/Auckland", "nowhere",
    "America/St_Johns", "Europe/London", "Europe/Dublin", "Asia/Kathmandu", "America/Sao_Paulo", "Etc/GMT+5", "EST", "GMT", "Africa/Cairo", "Asia/Jerusalem", "CET", "utc",
]
DURATIONS = [
    "1h", "-1h", "90m", "1h30m15s", "1.5h", "0", "0s", "300ms", "1us", "1µs", "1μs", "5ns", "24h", "720h", "8760h", "9000h", "100000h", "-1.5h", "1d", "", "h", "5", "+5s",
    "1h-2m", ".5s", "1.s", "2562047h47m16.854775807s", "2562048h", "9223372036854775807ns", "-9223372036854775808ns", "9223372036854775808ns", "1e3s", " 1s", "95", "1m60s", "0.000000001s", "1.0000000009s",
]
VERSIONS = [
    "1.2.3", "v1.2.3", "1.2", "1", "v2", "1.2.3-beta.1", "1.2.3-beta.1+build.5", "1.2.3+meta", "2.0.0-rc.1+b5", "0.0.0", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "1.2.3.4",
    "", "abc", "1.2.x", "1.2.3-alpha", "1.2.3-alpha.beta", "1.2.3-1", "10.20.30", "0.1.2", "0.0.3", "1.3.0", "2.0.0", "1.2.3-é", " 1.2.3", "1.2.3 ", "18446744073709551615.0.0", "V1.2.3", "1.2.3-0", "1.2.3--x",
    "99999999999999999999.0.0", "1.2-beta", "1-rc.1", "v1.2+x",
]
CONSTRAINTS = [
    "1.2.3", "=1.2.3", "!=1.2.3", "> 1.2", ">=1.2.3", "<2", "<= 1.2.x", "~1.2.3", "~1.2", "~1", "^1.2.3", "^1.2", "^0.2.3", "^0.0.3", "^0.0", "^0", "^1.x", "*", "x", "1.x", "1.2.*", "1.2.X",
    ">=1.0.0-0", ">1.2.3-alpha", "^1.2.3-beta.1", "~1.2.3-alpha", "1.0 - 2.0", "1.2.3 - 2", "1.0 - 2.0 || >=3", ">=1, <2", ">=1 <2", ">=1.0.0,<2.0.0 || 5", "~>1.2", "=>1", "=<2", "", "abc", ">", "1.2.3 ||", "|| 1",
    ">= 1.2.3-rc.1 <2", "!=1", "!=1.2.x", "== 1.2.3", "v1.2.3", ">=v1", "1.2.3.4", "^", "~*", "^*", ">*", "<*", ">=*", "!=*", "<1.2.x", ">1.x", "1 2", "1-2", "1.0 -2.0", ">=1.2.3+build", "^1.2.3 || ~2.0", "^v2", "~0", "=1.x", "<=1", "<=1.2", ">1", ">=1.x",
]
URLS = [
    "http://example.com", "https://u:p@example.com:8080/a/b?q=1&r=2#frag", "http://h/%E9", "http://h/a%20b/c?x=%20#%41", "//host/path", "/path/only?q", "path/x", "mailto:a@b.c", "x:y:z", "http://[::1]:80/", "http://[fe80::1%25en0]/",
    "http://[::1", "http://h:port/", "http://h:/", "a b", "http://a b/", "http://h/\x01", "%zz", "http://%41/", "http://h%2f/", ":x", "1:x", "http://user@/x", "http://@h", "http://u:@h/", "http://u%40:p%3a@h/", "?q=1", "#f", "",
    "http://h/?", "http://h/#", "HTTP://H/", "http://é.example/ü?ö#ä", "http://h/a;b,c=d", "file:///etc/hosts", "http:///x", "http:/x", "http:x", "http://h//x", "///x", "////x", "urn:a:b?c#d", "http://h/%", "http://h/%4", "*", "http://h/a#b#c", "http://h?x", "//u@h", "http://h:80:90/", "http://u b@h/", "http://[::1]x/", "git+ssh://g@h/x.git", "a.b+c-d://h", "http://h/\"<>", "http://h/`{}|\\^", "http://[v1.x]/", "http://h/?a=\u0000",
]
PATHS = [
    "/etc/hosts", "a/b/c.txt", "/", "", ".", "..", "../..", "a/../b", "a/./b//c/", "/..", "x.tar.gz", ".bashrc", "a.b/c", "a/", "//a//b", "a/..", "/a/b/../../..", "noext", "a.", "./x", "é/ü.ö", "a\\b", "...", "a/.../b", " / ",
]
PATTERNS = [
    "a", "[a-z]+", "(\\w+) (\\w+)", "^h", "o$", ".", "\\d+", "a*", "", "(?i)HELLO", "(?P<x>[a-z])(?P<y>.)", "[^a-z]", "\\s+", "(a|b)+", "x{2,3}", "(", "[", "a**", "(?=x)", "\\1", "\\p{L}+", "[[:alpha:]]+", "\\bw", "é", "(?s).+", "(?m)^.", "a+?", ".*?b", "\\Qa.b\\E", "[\\d\\-]+", "\\x41", "(?:ab)+", "^$", "$", "l+", "/", "[,.]",
]
REPLACEMENTS = ["", "x", "$1", "${1}", "$1x", "${1}x", "$2-$1", "$$", "${x}", "$x$y", "$", "${", "$9", "\\1", "${1", "é", "$1$1", "$0"]
JSONS = [
    "1", "1.5", "\"x\"", "null", "true", "[]", "{}", "[1,2,{\"a\":null}]", "{\"a\":{\"b\":[1,\"x\"]},\"c\":1e6}", "{\"b\":1,\"a\":2}", "", "{", "[1,]", "{a:1}", "1 2", " [ 1 ] ", "123456789012345678901", "1e400", "\"\\u00e9\\ud83d\\ude00\"", "\"\\ud800\"",
    "-0", "01", "{\"a\":1,\"a\":2}", "\"\t\"", "tru", "[1e2]", "\ufeff1", "{\"\":0}",
]
ENCODED = [
    "aGVsbG8=", "aGVsbG8", "w6k=", "/+8=", "!!", "", "YQ==", "YQ=", "YQ", "YWI=", "Y WI=", "YWI=\n", "YW\nI=", "====", "JBSWY3DP", "ME======", "ME", "me======", "YWJj=", "YWJjYQ==YQ==", "JBSWY3DPEE======", "A", "AA", "AAAAA", "MFRGG===", "YR==", "//79",
]
VERBS = "vvvvdddsssqqxXtTfFeEgGbcoOUz"
TYPE_NAMES = ["string", "int", "int64", "float64", "bool", "[]interface {}", "map[string]interface {}", "time.Time", "semver.Version", "*semver.Version", "[]string", "[]int", "map[string]string", "<nil>", "uint8"]
KIND_NAMES = ["string", "int", "int64", "float64", "bool", "slice", "map", "invalid", "struct", "ptr", "uint8"]

# name: kinds of the arguments -> kind of the result. `*` repeats the last one 0 to 3 times, `?` makes it optional.
FUNCTIONS = """
index: a k* -> a | len: a -> i | eq: a a a? -> b | ne: a a -> b | lt: o o -> b | le: o o -> b | gt: o o -> b | ge: o o -> b | and: a a* -> a | or: a a* -> a | not: a -> b
html: a* -> s | js: a* -> s | urlquery: a* -> s | print: a* -> s | println: a* -> s | printf: F a a* -> s | printf: F a a* -> s | printf: F o -> s | printf: F o o -> s
atoi: # -> i | float64: n -> f | int: n -> i | int64: n -> i | toDecimal: n -> i | toString: a -> s | toStrings: a -> ls
adler32sum: s -> s | sha1sum: s -> s | sha256sum: s -> s | sha512sum: s -> s | b64enc: s -> s | b64dec: 6 -> s | b32enc: s -> s | b32dec: 6 -> s
date: L q -> s | dateInZone: L q Z -> s | date_in_zone: L q Z -> s | htmlDate: q -> s | htmlDateInZone: q Z -> s | dateModify: D t -> t | mustDateModify: D t -> t | date_modify: D t -> t | must_date_modify: D t -> t
toDate: L T -> t | mustToDate: L T -> t | unixEpoch: t -> s | duration: n -> s | durationRound: D -> s | durationRound: q -> s | toDate: M -> t | toDate: M -> t
default: a a -> a | empty: a -> b | coalesce: a* -> a | all: a* -> b | any: a* -> b | ternary: a a b -> a | hello: -> s | fail: s -> s
dict: s a -> d | dict: s a s a -> d | get: d k -> a | set: d k a -> d | unset: d k -> d | hasKey: d k -> b | keys: d* -> ls | values: d -> l | pluck: k d* -> l | pick: d k* -> d | omit: d k* -> d | dig: k a d -> a | dig: k k a d -> a
deepCopy: a -> a | mustDeepCopy: a -> a | merge: d d* -> d | mustMerge: d d -> d | mergeOverwrite: d d* -> d | mustMergeOverwrite: d d -> d
toJson: a -> s | toPrettyJson: a -> s | toRawJson: a -> s | mustToJson: a -> s | mustToPrettyJson: a -> s | mustToRawJson: a -> s | fromJson: j -> a | mustFromJson: j -> a
list: a* -> l | tuple: a* -> l | first: l -> a | last: l -> a | rest: l -> l | initial: l -> l | append: l a -> l | push: l a -> l | prepend: l a -> l | reverse: l -> l | uniq: l -> l | without: l a* -> l | has: a l -> b | compact: l -> l
slice: l i i? -> l | chunk: i l -> l | concat: l* -> l | mustFirst: l -> a | mustLast: l -> a | mustRest: l -> l | mustInitial: l -> l | mustAppend: l a -> l | mustPush: l a -> l | mustPrepend: l a -> l | mustReverse: l -> l | mustUniq: l -> l
mustWithout: l a -> l | mustHas: a l -> b | mustCompact: l -> l | mustSlice: l i i? -> l | mustChunk: i l -> l | until: i -> l | untilStep: i i i -> l | seq: i i? -> s | seq: i i i -> s | sortAlpha: l -> ls | join: s l -> s
add: n* -> i | add1: n -> i | sub: n n -> i | mul: n n* -> i | div: n n -> i | mod: n n -> i | max: n n* -> i | biggest: n n -> i | min: n n* -> i | maxf: n n* -> f | minf: n n* -> f | floor: n -> f | ceil: n -> f | round: n i f? -> f
addf: n* -> f | add1f: n -> f | subf: n n* -> f | mulf: n n* -> f | divf: n n* -> f
base: P -> s | dir: P -> s | clean: P -> s | ext: P -> s | isAbs: P -> b | osBase: P -> s | osDir: P -> s | osClean: P -> s | osExt: P -> s | osIsAbs: P -> b
typeOf: a -> s | typeIs: Y a -> b | typeIsLike: Y a -> b | kindOf: a -> s | kindIs: K a -> b | deepEqual: a a -> b
regexMatch: r s -> b | mustRegexMatch: r s -> b | regexFind: r s -> s | mustRegexFind: r s -> s | regexFindAll: r s i -> ls | mustRegexFindAll: r s i -> ls | regexReplaceAll: r s R -> s | mustRegexReplaceAll: r s R -> s
regexReplaceAllLiteral: r s R -> s | mustRegexReplaceAllLiteral: r s R -> s | regexSplit: r s i -> ls | mustRegexSplit: r s i -> ls | regexQuoteMeta: s -> s | semver: V -> v | semver: V -> v | semverCompare: C V -> b | semverCompare: C V -> b
trim: s -> s | trimAll: s s -> s | trimall: s s -> s | trimPrefix: s s -> s | trimSuffix: s s -> s | trunc: i s -> s | substr: i i s -> s | abbrev: i s -> s | abbrevboth: i i s -> s | initials: s -> s | nospace: s -> s
contains: s s -> b | hasPrefix: s s -> b | hasSuffix: s s -> b | replace: s s s -> s | plural: s s i -> s | repeat: i s -> s | indent: i s -> s | nindent: i s -> s | wrap: i s -> s | wrapWith: i s s -> s
splitList: s s -> ls | split: s s -> ds | splitn: s i s -> ds | cat: a* -> s | quote: a* -> s | squote: a* -> s | upper: s -> s | lower: s -> s | title: s -> s | untitle: s -> s | swapcase: s -> s | snakecase: s -> s | kebabcase: s -> s | camelcase: s -> s
urlParse: u -> d | urlJoin: U -> s | urlJoin: U -> s
"""


def parse_functions():
    table = []
    for entry in FUNCTIONS.replace("\n", " | ").split(" | "):
        if entry.strip():
            name, rest = entry.strip().split(":", 1)
            arguments, result = rest.split("->")
            table.append((name, arguments.split(), result.strip()))
    return table


TABLE = parse_functions()
NAMES = sorted({name for name, _, _ in TABLE})
BY_RESULT = {}
for row in TABLE:
    BY_RESULT.setdefault(row[2], []).append(row)
LITERAL_KINDS = "s#LZDTVCurRjP6YKF"
POOLS = {
    "L": LAYOUTS, "Z": ZONES, "D": DURATIONS, "T": DATES, "V": VERSIONS, "C": CONSTRAINTS, "u": URLS, "r": PATTERNS, "R": REPLACEMENTS,
    "j": JSONS, "P": PATHS, "6": ENCODED, "Y": TYPE_NAMES, "K": KIND_NAMES, "#": NUMBER_TEXTS, "s": TEXTS,
}
KEYS = ["a", "b", "c", "x", "name", "tags", "n", "missing", "my-key", "", "é"]
NUMBER_LITERALS = [
    "0", "1", "3", "-1", "+2", "017", "0o17", "0b101", "0x1F", "1_000", "3.0", "2.5", "-0.5", ".5", "5.", "1e3", "1E-2", "0x1p4", "'a'", "'é'", "'\\n'", "'\\''", "'\\x41'", "'\\u00e9'", "1e6", "123456789.0", "-0.0", "9223372036854775807", "-9223372036854775808", "0.1", "1e+2", "0x1.8p1",
]
BAD_NUMBERS = ["08", "1__0", "9223372036854775808", "12abc", "0x", "1e", "'ab'", "''", "1.2.3", "0b2", "0x1.8", "1e400", "1_"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.variables = []
        self.budget = 0

    # Values of the data

    def text(self):
        r = self.random
        pool = r.choice([TEXTS, TEXTS, TEXTS, NUMBER_TEXTS, DATES, VERSIONS, PATHS])
        if r.random() < 0.08:
            return "".join(r.choice("aZ _-.é日😀\n\t09<&\"'\\/:ßǆ\u0301") for _ in range(r.randrange(14)))
        return r.choice(pool)

    def value(self, depth=0):
        r = self.random
        roll = r.random()
        if roll < 0.3:
            return self.text()
        if roll < 0.48:
            return r.choice(INTEGERS if r.random() < 0.8 else LARGE)
        if roll < 0.6:
            return r.choice(FLOATS)
        if roll < 0.7:
            return r.random() < 0.5
        if roll < 0.77:
            return None
        if depth > 2:
            return self.text()
        if roll < 0.88:
            return [self.value(depth + 1) for _ in range(r.randrange(5))]
        return {r.choice(KEYS): self.value(depth + 1) for _ in range(r.randrange(4))}

    def data(self):
        r = self.random
        simple = lambda: r.choice([self.text(), r.choice(INTEGERS), r.choice(FLOATS)])
        fields = {
            "s": self.text(), "t": self.text(), "n": r.choice(INTEGERS), "i": r.choice(INTEGERS + LARGE), "f": r.choice(FLOATS),
            "b": r.random() < 0.5, "nul": None, "l": [self.value(1) for _ in range(r.randrange(6))],
            "ls": [self.text() for _ in range(r.randrange(5))], "li": [r.choice(INTEGERS) for _ in range(r.randrange(5))],
            "d": {r.choice(KEYS): self.value(1) for _ in range(r.randrange(5))},
            "o": {"a": {"b": {"c": simple()}}, "x": simple(), "name": self.text()}, "el": [], "ed": {},
            "rows": [{"name": self.text(), "n": r.choice(INTEGERS), "tags": [self.text()]} for _ in range(r.randrange(4))],
        }
        return {"input": fields, "results": {"a": self.value(), "x": self.text()}}

    FIELDS = {
        "s": [".input.s", ".input.t", "$.input.s", ".results.x", ".input.o.name"], "i": [".input.n", ".input.i", "$.input.n"], "f": [".input.f"],
        "b": [".input.b"], "l": [".input.l", ".input.ls", ".input.li", ".input.el", ".input.rows", "$.input.l"], "d": [".input.d", ".input.o", ".input.ed", ".input.o.a", ".input", "."],
        "a": [".input.l", ".input.d", ".input.s", ".input.n", ".input.f", ".input.nul", ".input.b", ".results.a", ".input.o", "$", ".", ".input.nul", ".input.i"],
    }

    # Literals

    def quoted(self, text):
        r = self.random
        if "`" not in text and "\r" not in text and r.random() < 0.25:
            return "`" + text + "`"
        out = ""
        for letter in text:
            code = ord(letter)
            if letter == '"' or letter == "\\":
                out += "\\" + letter
            elif letter == "\n":
                out += "\\n"
            elif code < 0x20 or code == 0x7F:
                out += "\\x%02x" % code
            elif r.random() < 0.01:
                out += "\\u%04x" % code if code < 0x10000 else "\\U%08x" % code
            else:
                out += letter
        if r.random() < 0.004:
            out += r.choice(["\\xff", "\\xe9", "\\303", "\\a\\b\\f\\v"])
        return '"' + out + '"'

    def float_literal(self, value):
        text = repr(value)
        return text if "e" in text or "." in text else text + ".0"

    # Expressions: `nested` ones come in parentheses where that is needed.

    def expression(self, kind, depth):
        r = self.random
        if r.random() < 0.035:
            kind = r.choice("sifbldatv")
        if kind == "q":
            kind = r.choice("tttia")
        if kind == "o":
            kind = r.choice("iifsnnn")
        if kind == "n":
            kind = r.choice("iiiff##a") if r.random() < 0.97 else "b"
        if kind == "k":
            return self.key(depth)
        if kind == "F":
            return self.quoted(self.format())
        if kind == "U":
            return self.url_parts(depth)
        if kind in LITERAL_KINDS:
            return self.texts(kind, depth)
        if kind in ("t", "v"):
            return self.box(kind, depth)
        return self.plain(kind, depth)

    def key(self, depth):
        r = self.random
        roll = r.random()
        if roll < 0.6:
            return self.quoted(r.choice(KEYS))
        if roll < 0.9:
            return str(r.choice([0, 1, 2, 0, -1, 3]))
        return self.expression(r.choice("si"), depth + 1)

    def texts(self, kind, depth):
        r = self.random
        roll = r.random()
        if kind == "s":
            if roll < 0.35:
                return self.quoted(r.choice(TEXTS))
            if roll < 0.4:
                return self.quoted(self.text())
            if roll < 0.45 and self.variables:
                return r.choice(self.variables)
            if roll < 0.8 or depth > 3:
                return r.choice(self.FIELDS["s"])
            return self.call("s", depth)
        if roll < 0.93:
            return self.quoted(r.choice(POOLS[kind]))
        return r.choice(self.FIELDS["s"])

    def box(self, kind, depth):
        r = self.random
        if kind == "v":
            return "(semver %s)" % self.quoted(r.choice(VERSIONS[:12] + VERSIONS[19:27]))
        layout, text = r.choice([
            ("2006-01-02T15:04:05Z07:00", "2024-02-29T12:34:56.789Z"), ("2006-01-02", "1999-12-31"), ("2006-01-02", "0001-01-01"),
            ("2006-01-02T15:04:05Z07:00", "2024-07-01T00:00:00+02:00"), ("2006-01-02 15:04:05 MST", "2024-03-31 01:59:59 CET"), ("2006-01-02", "2038-01-19"), ("2006", "9999"), ("2006-01-02T15:04:05Z07:00", "1969-12-31T23:59:59.5Z"),
        ])
        time = "(toDate %s %s)" % (self.quoted(layout), self.quoted(text))
        if r.random() < 0.2:
            time = "(dateModify %s %s)" % (self.quoted(r.choice(DURATIONS)), time)
        return time

    def plain(self, kind, depth):
        r = self.random
        roll = r.random()
        if roll < 0.05 and self.variables:
            return r.choice(self.variables)
        if roll > 0.72 and depth < 4 and self.budget > 0:
            if kind == "l" and r.random() < 0.4:
                return self.call("ls", depth)
            if kind == "d" and r.random() < 0.1:
                return self.call("ds", depth)
            return self.call(kind, depth)
        if kind == "i":
            if roll < 0.45:
                if r.random() < 0.15:
                    return r.choice(NUMBER_LITERALS)
                return str(r.choice(INTEGERS if r.random() < 0.93 else LARGE))
            return r.choice(self.FIELDS["i"])
        if kind == "f":
            return self.float_literal(r.choice(FLOATS)) if roll < 0.45 else r.choice(self.FIELDS["f"])
        if kind == "b":
            return r.choice(["true", "false", ".input.b"])
        if kind == "l":
            if roll < 0.3:
                return "(list %s)" % " ".join(self.expression("a", depth + 2) for _ in range(r.randrange(4)))
            return r.choice(self.FIELDS["l"])
        if kind == "d":
            if roll < 0.3:
                return "(dict %s)" % " ".join(
                    self.quoted(r.choice(KEYS)) + " " + self.expression("a", depth + 2) for _ in range(r.randrange(4))
                )
            return r.choice(self.FIELDS["d"])
        if roll < 0.03:
            return "nil"
        if roll < 0.35:
            return self.expression(r.choice("ssiifbld") if depth < 3 else r.choice("sifb"), depth + 1)
        if roll < 0.4:
            return self.box(r.choice("tv"), depth)
        return r.choice(self.FIELDS["a"])

    def url_parts(self, depth):
        r = self.random
        if r.random() < 0.35:
            return "(urlParse %s)" % self.quoted(r.choice(URLS))
        parts = []
        pools = {
            "scheme": ["http", "", "https", "x y"], "host": ["h", "h:80", "", "a b", "[::1]", "é"], "path": PATHS + ["/a b", "a:b", "/é?#", "*"], "query": ["q=1", "", "a b"],
            "opaque": ["", "", "", "x", "y z"], "fragment": ["f", "", "a b#", "é"], "userinfo": ["u", "u:p", "", "u:p:q", "a b", "é", "%41"], "other": ["x"],
        }
        for name in r.sample(sorted(pools), r.randrange(5)):
            parts.append('"%s" %s' % (name, self.quoted(r.choice(pools[name])) if r.random() < 0.97 else "5"))
        return "(dict %s)" % " ".join(parts)

    def format(self):
        r = self.random
        out = ""
        for _ in range(r.choice([1, 1, 1, 2, 3])):
            out += r.choice(["", "", "x=", " ", "|", "%%", "é"])
            flags = "".join(r.choice("+-# 0") for _ in range(r.choice([0, 0, 0, 1, 1, 2])))
            width = r.choice(["", "", "", "5", "8", "12", "1", "*", "[1]*", "020"]) if r.random() < 0.7 else ""
            precision = r.choice(["", "", ".", ".0", ".1", ".2", ".3", ".6", ".10", ".*", ".[2]*", ".-1"]) if r.random() < 0.6 else ""
            index = r.choice(["[1]", "[2]", "[3]", "[0]", "[x]", "[", "[1", "[-1]"]) if r.random() < 0.06 else ""
            verb = r.choice(VERBS) if r.random() < 0.985 else r.choice(["", "%", "!", "é", "w", "y"])
            out += "%" + flags + width + precision + index + verb
        if r.random() < 0.2:
            out += r.choice(["%", " end", "!", "%!", "%5"])
        return out

    # Calls

    def arguments(self, kinds, depth):
        r = self.random
        wanted = []
        for kind in kinds:
            if kind.endswith("*"):
                wanted += [kind[0]] * r.choice([0, 1, 1, 2, 3])
            elif kind.endswith("?"):
                wanted += [kind[0]] * r.choice([0, 1])
            else:
                wanted.append(kind)
        if r.random() < 0.008:
            wanted = wanted[:-1] if r.random() < 0.5 else wanted + ["a"]
        return [self.expression("d" if kind == "ds" else kind, depth + 1) for kind in wanted]

    def bare_call(self, row, depth):
        self.budget -= 1
        name, kinds, _ = row
        if "erge" in name or name in ("set", "unset"):
            # Values that contain themselves end Go's process.
            return self.acyclic(name, kinds, depth)
        if name == "toDate" and kinds == ["M"]:
            layout, text = self.random.choice(LAYOUTS), self.random.choice(DATES)
            return "%s %s %s" % (self.random.choice(["toDate", "mustToDate"]), self.quoted(layout), self.quoted(text))
        arguments = self.arguments(kinds, depth)
        if name in ("repeat", "until", "indent", "nindent", "seq", "untilStep", "wrapWith") and any(
            len(one) > 5 and one.lstrip("-").isdigit() for one in arguments
        ):
            arguments = ["3"] * len(arguments)
        if arguments and self.random.random() < 0.2 and arguments[-1] != "nil":
            return "%s | %s" % (arguments[-1].removeprefix("(").removesuffix(")") if self.is_wrapped(arguments[-1]) else arguments[-1], " ".join([name] + arguments[:-1]))
        return " ".join([name] + arguments)

    CYCLIC = {".": ".input.d", "$": ".input.o", ".input": ".input.ed", ".results.a": ".input.d"}

    def acyclic(self, name, kinds, depth):
        variables, self.variables = self.variables, []
        budget, self.budget = self.budget, 0
        arguments = [self.CYCLIC.get(one, one) for one in self.arguments(kinds, max(depth, 3))]
        if "merge" in name.lower() and len(arguments) > 1 and self.random.random() < 0.8:
            arguments[0] = "(deepCopy %s)" % arguments[0] if arguments[0].startswith(".") else arguments[0]
        self.variables, self.budget = variables, budget
        return " ".join([name] + arguments)

    @staticmethod
    def is_wrapped(text):
        """Whether the first parenthesis is closed by the last one."""
        if not text.startswith("(") or not text.endswith(")"):
            return False
        depth, quote, index = 0, "", 0
        while index < len(text):
            letter = text[index]
            if quote:
                if letter == "\\" and quote != "`":
                    index += 1
                elif letter == quote:
                    quote = ""
            elif letter in "\"`'":
                quote = letter
            elif letter == "(":
                depth += 1
            elif letter == ")":
                depth -= 1
                if depth == 0 and index < len(text) - 1:
                    return False
            index += 1
        return True

    def call(self, result, depth):
        rows = BY_RESULT.get(result) or TABLE
        return "(%s)" % self.bare_call(self.random.choice(rows), depth)

    # Templates

    def single(self):
        """One action with one function, which is what is compared most."""
        self.variables = []
        self.budget = 4
        row = self.random.choice(TABLE)
        return self.action(self.bare_call(row, 0)), row[0]

    def action(self, inner):
        r = self.random
        left = r.choice(["{{ ", "{{", "{{- "]) if r.random() < 0.2 else "{{ "
        right = r.choice([" }}", "}}", " -}}"]) if r.random() < 0.2 else " }}"
        if left == "{{" and inner.startswith("-"):
            left = "{{ "
        return left + inner + right

    METHODS = {
        "t": [".Year", ".Month", ".Day", ".Hour", ".Minute", ".Second", ".Nanosecond", ".YearDay", ".Weekday", ".Unix", ".UnixMilli", ".UnixMicro", ".UnixNano", ".IsZero", ".UTC", ".Local", ".String", '.Format "2006"', ".AddDate 0 1 0", ".AddDate -1 13 40", ".Nope", ".Format", ".Year 1", ".UTC.Year", ".IsDST"],
        "v": [".Major", ".Minor", ".Patch", ".Prerelease", ".Metadata", ".Original", ".String", ".IncMajor", ".IncMinor", ".IncPatch", ".IncMajor.IncMinor", ".Nope", ".Major 1"],
    }

    def method(self):
        r = self.random
        kind = r.choice("tv")
        receiver = self.box(kind, 3)
        if r.random() < 0.25:
            name = r.choice(["Before", "After", "Equal", "Compare"] if kind == "t" else ["Compare", "LessThan", "GreaterThan", "Equal", "LessThanEqual", "GreaterThanEqual"])
            return self.action("%s.%s %s" % (receiver, name, self.box(kind, 3)))
        inner = receiver + r.choice(self.METHODS[kind])
        if r.random() < 0.3:
            inner = "printf %s (%s)" % (self.quoted(self.format()), inner)
        return self.action(inner)

    def template(self):
        r = self.random
        self.variables = []
        self.budget = 12
        self.names = []
        body = "".join(self.piece(0) for _ in range(r.randrange(1, 5)))
        for name in self.names:
            if r.random() < 0.9:
                body += '{{ define "%s" }}%s{{ end }}' % (name, self.body(1, []))
        return body

    def words(self):
        return self.random.choice(["", "", " ", "\n", "x", "  text\n", "a b", "{ {", "}} ", "é", "\t", "\r\n", "-"])

    def body(self, depth, variables):
        kept = self.variables
        self.variables = list(variables)
        text = "".join(self.piece(depth + 1) for _ in range(self.random.randrange(1, 3)))
        self.variables = kept
        return text

    def piece(self, depth):
        r = self.random
        roll = r.random()
        if roll < 0.2:
            return self.words()
        if roll < 0.55 or depth > 3:
            return self.action(self.expression(r.choice("aasildfb"), 1).removeprefix("\x00"))
        if roll < 0.62:
            return self.action(self.bare_call(r.choice(TABLE), 1))
        if roll < 0.69:
            return self.declaration()
        if roll < 0.79:
            return self.conditional(depth)
        if roll < 0.89:
            return self.loop(depth)
        if roll < 0.93:
            word = self.expression("a", 2)
            other = self.action("else") + self.body(depth, self.variables) if r.random() < 0.4 else ""
            if r.random() < 0.1:
                other = self.action("else with " + self.expression("a", 2)) + self.body(depth, self.variables)
            return self.action("with " + word) + self.body(depth, self.variables) + other + self.action("end")
        if roll < 0.96:
            name = r.choice(["t1", "t2", "t3"])
            if name not in self.names and depth == 0:
                self.names.append(name)
            return self.action('template "%s" %s' % (name, r.choice(["", ".", ".input.d", self.expression("a", 2)])))
        if roll < 0.97:
            return self.action('block "b%d" %s' % (r.randrange(1000), r.choice([".", self.expression("a", 2)]))) + self.body(depth, []) + self.action("end")
        if roll < 0.98:
            return r.choice(["{{/* c */}}", "{{- /* c */ -}}", "{{ /* c */ }}", "{{/* a */ }}", "{{/**/}}"])
        return r.choice([
            self.action(r.choice(BAD_NUMBERS)), "{{ .input.nope }}", "{{ nil }}", "{{ break }}", "{{ nope 1 }}", "{{ .input.s.x }}", "{{ $nope }}", "{{ }}", "{{ 1 2 }}", "{{ .input.nul.x }}", "{{ end }}", "{{ else }}",
            "{{ \"a\" 1 }}", "{{ .input.n 1 }}", "{{ (.input.s) }}", "{{ 1 | 2 }}", "{{ . | .input }}", '{{ "unclosed }}', "{{ .input.d.nope.deep }}", "{{ .input.l.x }}", "{{ true }}", "{{ 'a' }}", self.action(r.choice(NUMBER_LITERALS)),
        ])

    def declaration(self):
        r = self.random
        if self.variables and r.random() < 0.4:
            return self.action("%s = %s" % (r.choice(self.variables), self.expression("a", 2)))
        name = "$" + r.choice("xyzv") + str(r.randrange(3))
        text = self.action("%s := %s" % (name, self.expression("a", 2)))
        self.variables.append(name)
        return text

    def conditional(self, depth):
        r = self.random
        text = self.action("if " + self.expression(r.choice("aabi"), 2)) + self.body(depth, self.variables)
        if r.random() < 0.3:
            text += self.action("else if " + self.expression("b", 2)) + self.body(depth, self.variables)
        if r.random() < 0.5:
            text += self.action("else") + self.body(depth, self.variables)
        return text + self.action("end")

    def loop(self, depth):
        r = self.random
        names = r.choice([[], [], ["$e"], ["$i", "$e"]])
        over = self.expression(r.choice("lllddia"), 2)
        if over.lstrip("-").isdigit() and len(over) > 3:
            over = "3"
        if over in (".input.i", "$.input.i"):
            over = ".input.li"
        head = "range " + (", ".join(names) + " := " if names else "") + over
        text = self.action(head) + self.body(depth, self.variables + names)
        if r.random() < 0.2:
            text += self.action("if " + self.expression("b", 3)) + self.action(r.choice(["break", "continue"])) + self.action("end") + self.words()
        if r.random() < 0.3:
            text += self.action("else") + self.body(depth, self.variables)
        return text + self.action("end")

    def case(self, number):
        r = self.random
        data = self.data()
        roll = r.random()
        group = "template"
        if roll < 0.62:
            template, group = self.single()
        elif roll < 0.67:
            template, group = self.method(), "method"
        else:
            template = self.template()
        if r.random() < 0.05:
            template = self.words() + template
        return {"id": number, "template": template, "data": data, "typed": r.random() < 0.5, "group": group}
