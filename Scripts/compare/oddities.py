"""Makes templates from odd corners of the language: order of evaluation, literals, broken syntax, layouts, patterns."""
from cases import DATES, LAYOUTS, NAMES, PATTERNS, TEXTS, VERSIONS, ZONES, Generator

ODD = [
    "nil", "true", "false", "0", "1", "-1", "2", "3.5", "-0.0", "1e6", "'a'", '""', '"a"', '"é"', '"a,b,c"', '"12"', '"%d"', '"日本語"', '"1h"', '"\\xff"',
    "9223372036854775807", "-9223372036854775808", ".", "$", ".input", ".input.s", ".input.n", ".input.f", ".input.b", ".input.nul", ".input.l", ".input.ls",
    ".input.li", ".input.d", ".input.o", ".input.el", ".input.ed", ".input.rows", "(list)", "(list nil)", "(list 1 2)", '(list "a" "b")', "(dict)",
    '(dict "a" 1)', '(dict "a" (dict "b" nil))', "(until 3)", '(split "," "a,b")', '(splitList "," "b,a")', '(semver "1.2.3-rc.1+b")',
    '(toDate "2006-01-02" "2024-02-29")', "(int64 7)", "(len .input.s)", '(index "abc" 1)', "(rest .input.el)", '(fromJson "[1,{\\"a\\":2}]")',
    ".input.nope1", ".input.nope2", '(fail "no")', '(index .input "nope")', "(list (list 1) (list))", '(regexFindAll "x" "a" -1)', "(float64 3)", "(divf 1 3)",
]
MISSING = [".input.nope1", ".input.nope2", ".nope3", ".input.o.nope4", '(fail "no")', "(index .input.l 99)", ".input.s.x", "1", '"x"', ".input.n", ".input.l", ".input.nul.x"]
SPACES = ["", " ", "\n", "\t", "  \r\n", " x ", "y", " \n ", "\u00a0", "\u2003"]
LAYOUT_PARTS = [
    "2006", "06", "01", "1", "Jan", "January", "02", "2", "_2", "002", "__2", "15", "03", "3", "04", "4", "05", "5", "PM", "pm", "MST", "Z07", "Z0700", "Z07:00", "-07", "-0700", "-07:00",
    "Z07:00:00", "-070000", "-07:00:00", ".000", ".999", ",000000", ",9", ".00", "Mon", "Monday", "0", "7", "-", ":", " ", "/", "T", "a", "é", "20", "200", "Ja", "Mo", "_", "__", "_20", "1504", ".", ",", "12",
]
ATOMS = [
    "a", "b", ".", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "[a-c]", "[^a-c]", "[[:alpha:]]", "[[:^digit:]]", "[[:space:]x]", "\\pL", "\\p{Lu}", "\\PN", "\\pN", "\\p{Greek}", "\\p{^Han}", "\\x{65E5}", "\\x41",
    "\\b", "\\B", "^", "$", "\\A", "\\z", "(?i)", "(?-i)", "(?s)", "(?m)", "(?U)", "(?i:A)", "(?:a|b)", "(a)", "(?P<n>b)", "(?<m>c)", "é", "日", "\\t", "\\n", "\\Q.*\\E", "\\.", "[.]", "[]a]", "[^]a]", "[a\\]]", "x",
    "\\C", "\\Z", "\\G", "\\123", "\\07", "(?=a)", "(?P<1>a)", "(?P<n", "[z-a]", "[[:nope:]]", "\\p{Nope}", "\\8", "[", "(", ")", "]", "|", "\\xff", "(?i)ß", "(?i)k", "ſ", "K",
]
REPEATS = ["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{2,}", "{0}", "{1001}", "**", "{2}{3}", "{2,1}", "{", "}"]
SUBJECTS = TEXTS + ["aabbcc", "ab12 CD_é", "αβγ ΔΕ", "日本 12٣", "kKſK", "line\nline2\n", "a.*b", "]", "a]b"]
NUMBER_PARTS = ["0", "1", "9", "7", "08", "_", "_1", "x", "0x", "0X", "0b", "0o", "b", "o", "e", "E", "p", "P", "+", "-", ".", ".5", "1.", "f", "F", "i", "10", "1e3", "1p-2", "00"]
TOKENS = [
    "{{", "}}", "{{-", "-}}", "(", ")", "|", ",", ":=", "=", ".", "$", "$x", "$y", ".input", ".input.s", '"a"', '"', "`", "`raw`", "'a'", "'", "1", "-1", "1.5", "true", "nil", "if", "else", "end", "range", "with",
    "define", "block", "template", "break", "continue", "len", "print", "printf", "and", "or", "not", "index", "/*", "*/", "{{/* c */}}", "{{end}}", "{{ else }}", "{{ if true }}", "{{ range .input.l }}", "{{ with . }}",
    '{{ define "t" }}', '{{ template "t" . }}', '{{ block "b" . }}', "{{ break }}", "{{ continue }}", "$x := 1", "text", " ", "\n", "\\", "#", "@", "!", "%", "&", ";", "é", "\x00", ":", "+", "..", ".1", "$.input", "$x.y",
]


class Oddities(Generator):
    """Cases of one kind per call; the names of the kinds are groups of the report."""

    def pick(self, *lists):
        return self.random.choice(self.random.choice(lists))

    def odd_call(self):
        r = self.random
        name = r.choice(NAMES)
        arguments = [r.choice(ODD) for _ in range(r.choice([0, 1, 1, 2, 2, 2, 3, 3, 4]))]
        if "erge" in name or name in ("set", "unset"):
            arguments = [".input.d" if one in (".", "$", ".input") else one for one in arguments]
        if name in ("repeat", "until", "untilStep", "seq", "indent", "nindent", "wrapWith", "wrap"):
            arguments = [one if len(one) < 12 else "2" for one in arguments]
        if arguments and arguments[-1] != "nil" and r.random() < 0.3:
            return "{{ %s | %s }}" % (arguments[-1], " ".join([name] + arguments[:-1])), name
        return "{{ %s }}" % " ".join([name] + arguments), name

    def order(self):
        r = self.random
        call = lambda: " ".join([r.choice(NAMES + ["and", "or", "index", "print"])] + [r.choice(MISSING) for _ in range(r.randrange(3))])
        text = r.choice(MISSING)
        for _ in range(r.randrange(1, 4)):
            text += " | " + (call() if r.random() < 0.93 else r.choice([".input.o.x", "$.input.n", "(print 1).x", "$q"]))
        head = r.choice(["", "", "$x := ", "$zz = ", "if ", "range ", "with "])
        return "{{ %s%s }}%s" % (head, text, "{{ end }}" if head in ("if ", "range ", "with ") else ""), "order"

    def layout(self):
        r = self.random
        layout = "".join(r.choice(LAYOUT_PARTS) for _ in range(r.randrange(1, 8))) if r.random() < 0.8 else r.choice(LAYOUTS)
        time = self.box("t", 3)
        roll = r.random()
        if roll < 0.5:
            return "{{ dateInZone %s %s %s }}" % (self.quoted(layout), time, self.quoted(r.choice(ZONES))), "dateInZone"
        if roll < 0.8:
            return "{{ toDate %s (date %s %s) }}" % (self.quoted(layout), self.quoted(layout), time), "toDate"
        return "{{ mustToDate %s %s }}" % (self.quoted(layout), self.quoted(r.choice(DATES))), "mustToDate"

    def pattern(self):
        r = self.random
        pattern = "".join(r.choice(ATOMS) + r.choice(REPEATS) for _ in range(r.randrange(1, 4)))
        if r.random() < 0.2:
            pattern = "(%s)|%s" % (pattern, r.choice(PATTERNS))
        name, subject = r.choice(["regexFind", "regexFindAll", "regexReplaceAll", "regexReplaceAllLiteral", "regexSplit", "regexMatch", "mustRegexMatch"]), r.choice(SUBJECTS)
        last = {"regexFindAll": " -1", "regexSplit": " %d" % r.choice([-1, 0, 1, 2, 3]), "regexReplaceAll": ' "<$0|$1|${n}>"', "regexReplaceAllLiteral": ' "$0"'}.get(name, "")
        return "{{ %s %s %s%s }}" % (name, self.quoted(pattern), self.quoted(subject), last), name

    def version(self):
        r = self.random
        number = lambda: r.choice(["0", "1", "2", "3", "10", "x", "*", "X", "01"] if r.random() < 0.3 else ["0", "1", "2", "3"])
        whole = lambda: ".".join(number() for _ in range(r.choice([1, 2, 3, 3, 3, 4] if r.random() < 0.1 else [1, 2, 3, 3]))) + r.choice(["", "", "", "-0", "-rc.1", "-alpha", "+b", "-beta.2+x"])
        parts = [r.choice(["", "=", "!=", ">", "<", ">=", "<=", "~", "~>", "^", "=>", "=<"]) + r.choice(["", "", " ", "v"]) + whole() for _ in range(r.randrange(1, 4))]
        if r.random() < 0.15:
            parts.append("%s - %s" % (whole(), whole()))
        constraint = parts[0]
        for part in parts[1:]:
            constraint += r.choice([" ", ", ", ",", " || ", "||"]) + part
        plain = ".".join(r.choice("0123") for _ in range(3)) + r.choice(["", "", "", "-rc.1", "-alpha", "-0", "+b"])
        return "{{ semverCompare %s %s }}" % (self.quoted(constraint), self.quoted(plain if r.random() < 0.8 else r.choice(VERSIONS))), "semverCompare"

    def literal(self):
        r = self.random
        text = "".join(r.choice(NUMBER_PARTS) for _ in range(r.randrange(1, 4)))
        if r.random() < 0.2:
            text = "'" + r.choice(["a", "\\n", "\\x41", "\\377", "\\u00e9", "\\U0001F600", "\\'", "\\\"", "é", "日", "\\q", "ab", "", "\\x4", "\\400", "\\ud800", "\n"]) + "'"
        return "{{ %s }}" % r.choice([text, "print " + text, "list %s %s" % (text, text), "repeat %s `x`" % text, "index .input.li %s" % text, "add %s 1" % text, "mulf %s 1" % text, "kindOf %s" % text]), "literal"

    def compare(self):
        r = self.random
        name = r.choice(["eq", "ne", "lt", "le", "gt", "ge", "deepEqual", "has", "max", "min", "maxf", "minf", "and", "or"])
        arguments = [r.choice(ODD) for _ in range(2 if r.random() < 0.8 else 3)]
        return "{{ %s }}" % " ".join([name] + arguments), name

    def formatted(self):
        r = self.random
        return "{{ printf %s }}" % " ".join([self.quoted(self.format())] + [r.choice(ODD) for _ in range(r.randrange(4))]), "printf"

    def access(self):
        r = self.random
        key = lambda: r.choice(["0", "1", "-1", "2", "99", '"a"', '"nope"', "1.0", "'\\x00'", "true", "nil", "(int64 0)", ".input.n", '"1"', "(list)", "0x1", "1_0"])
        return r.choice([
            "{{ index %s %s }}" % (r.choice(ODD), " ".join(key() for _ in range(r.randrange(3)))), "{{ slice %s %s }}" % (r.choice(ODD), " ".join(key() for _ in range(r.randrange(4)))),
            "{{ (%s).a.b }}" % r.choice(ODD).strip("()").replace("nil", "1"), "{{ (index %s %s).a }}" % (r.choice(ODD), key()), "{{ ((%s)) }}" % r.choice(ODD[1:]), "{{ len %s }}" % r.choice(ODD),
            "{{ $v := %s }}{{ $v.a }}" % r.choice(ODD[1:]), "{{ with %s }}{{ .a }}{{ end }}" % r.choice(ODD[1:]), "{{ (%s) %s }}" % (r.choice(ODD[1:]), r.choice(["", "1", "| len", "| print 1"])),
        ]), "access"

    def scopes(self):
        """Variables that are declared, hidden and assigned in every kind of block."""
        r = self.random

        def block(depth, known):
            out = ""
            known = list(known)
            for _ in range(r.randrange(1, 4)):
                out += r.choice(SPACES)
                roll = r.random()
                name = r.choice(["$x", "$y", "$z"])
                value = r.choice(known + ["1", '"s"', ".", "nil", ".input.l", "(list 1 2 3)", "(dict `k` 1 `j` 2)", "(list)", "0", "(len $)"])
                left, right = r.choice(["{{", "{{ ", "{{- "]), r.choice(["}}", " }}", " -}}"])
                action = lambda text: left + text + right
                if roll < 0.2:
                    out += action("%s := %s" % (name, value))
                    known.append(name)
                elif roll < 0.35:
                    out += action("%s = %s" % (name, value))
                elif roll < 0.55:
                    out += action(r.choice(known + [value, "."]) + r.choice(["", "", " | print 1"]))
                elif roll < 0.9 and depth < 4:
                    word = r.choice(["if", "with", "range", "range", "range"])
                    names = r.choice(["", "", "%s := " % name, "%s = " % name] + (["%s, %s := " % (name, r.choice(["$y", "$e"])), "%s, $y = " % name] if word == "range" else []))
                    inner = known + [one.strip(" ,:=") for one in names.split(" ") if one.startswith("$")]
                    out += action("%s %s%s" % (word, names, value)) + block(depth + 1, inner)
                    if word == "range" and r.random() < 0.3:
                        out += action("if " + r.choice(inner)) + action(r.choice(["break", "continue"])) + action("end") + block(depth + 1, inner)
                    if r.random() < 0.4:
                        out += action(r.choice(["else", "else", "else if " + value, "else with " + value])) + block(depth + 1, inner)
                    out += action("end")
                else:
                    out += action('template "t" %s' % value)
            return out

        text = block(0, ["$"])
        return text + '{{ define "t" }}[{{ . }}%s]{{ end }}' % r.choice(["", "{{ $ }}", "{{ $x }}", "{{ if . }}x{{ end }}"]), "scopes"

    def broken(self):
        """A template with tokens put in, taken out or moved, or nothing but tokens."""
        r = self.random
        if r.random() < 0.5:
            return r.choice(["", "{{ "]) + "".join(r.choice(TOKENS) + r.choice(["", " ", " "]) for _ in range(r.randrange(1, 9))) + r.choice(["", " }}"]), "broken"
        text = self.template() if r.random() < 0.5 else self.scopes()[0]
        for _ in range(r.randrange(1, 3)):
            place, length = r.randrange(len(text) + 1), r.choice([0, 0, 1, 2, 5])
            text = text[:place] + r.choice(TOKENS + [""] * 20) + text[place + length:]
        return text, "broken"

    def case(self, number):
        r = self.random
        data = self.data()
        self.variables, self.budget, self.names = [], 4, []
        makers = [self.odd_call] * 6 + [
            self.order, self.order, self.layout, self.pattern, self.pattern, self.version, self.literal, self.compare, self.formatted, self.formatted, self.access, self.scopes, self.scopes, self.broken, self.broken,
        ]
        template, group = r.choice(makers)()
        return {"id": number, "template": template, "data": data, "typed": r.random() < 0.5, "group": group}
