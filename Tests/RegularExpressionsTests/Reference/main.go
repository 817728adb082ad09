// Answers questions about regular expressions with Go's regexp, to compare with.
//
//	go run main.go            reads cases from standard input, one JSON object a line, and writes them with their answers
//	go run main.go SEED N     makes N cases first
package main

import (
	"bufio"
	"encoding/json"
	"math/rand"
	"os"
	"regexp"
	"strconv"
	"strings"
)

type testCase struct {
	Pattern     string   `json:"pattern"`
	Text        string   `json:"text"`
	Replacement string   `json:"replacement"`
	Limit       int      `json:"limit"`
	Error       string   `json:"error,omitempty"`
	Matches     [][]int  `json:"matches"`
	Replaced    string   `json:"replaced"`
	Literal     string   `json:"literal"`
	Split       []string `json:"split"`
}

func (c *testCase) answer() {
	expression, err := regexp.Compile(c.Pattern)
	if err != nil {
		c.Error = err.Error()
		return
	}
	c.Matches = expression.FindAllStringSubmatchIndex(c.Text, -1)
	c.Replaced = expression.ReplaceAllString(c.Text, c.Replacement)
	c.Literal = expression.ReplaceAllLiteralString(c.Text, c.Replacement)
	c.Split = expression.Split(c.Text, c.Limit)
}

type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

var letters = []string{"a", "b", "c", "d", "k", "s", "A", "B", "K", "S", "é", "É", "ſ", "\u212a", "ß", "σ", "Σ", "ς", "日", "😀", " ", "\n", "_", "1", "9", "-", ".", "0", "x"}

func (g generator) pattern(depth int) string {
	var out strings.Builder
	for range g.Intn(4) + g.Intn(2) {
		out.WriteString(g.atom(depth))
		if g.Intn(3) == 0 {
			out.WriteString(g.pick("*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{2,}", "{0}", "{,3}", "{3,1}", "{1}", "{0,1}", "{1,}?"))
		}
	}
	if depth > 0 && g.Intn(4) == 0 {
		return out.String() + "|" + g.pattern(depth-1)
	}
	return out.String()
}

func (g generator) class() string {
	var out strings.Builder
	out.WriteString("[")
	if g.Intn(3) == 0 {
		out.WriteString("^")
	}
	for range 1 + g.Intn(3) {
		switch g.Intn(5) {
		case 0:
			out.WriteString(g.pick("a-c", "A-Z", "0-9", "b-k", "α-ω", "ſ-ƀ", "-", "]", "a-", "c-a", "[", "K", "S", "k-s"))
		case 1:
			out.WriteString(g.pick("[:alpha:]", "[:^digit:]", "[:word:]", "[:punct:]", "[:nope:]", "[:space:]", "[:upper:]"))
		case 2:
			out.WriteString(g.pick(`\d`, `\W`, `\s`, `\pL`, `\p{Greek}`, `\P{Lu}`, `\n`, `\]`, `\x41`, `\-`, `\p{^Ll}`, `\D`))
		default:
			out.WriteString(letters[g.Intn(len(letters))])
		}
	}
	return out.String() + "]"
}

func (g generator) atom(depth int) string {
	if depth > 0 && g.Intn(4) == 0 {
		inner := g.pattern(depth - 1)
		return g.pick("(", "(", "(?:", "(?i:", "(?P<n>", "(?<m>", "(?s-m:", "(?U:", "(?m:", "(?i)(?:", "(?-i:") + inner + g.pick(")", ")", ")", ")", ")", ")", ")", ")", ")", ")", "))", "")
	}
	switch g.Intn(12) {
	case 0:
		return g.class()
	case 1:
		return g.pick("^", "$", `\b`, `\B`, `\A`, `\z`, "(?m:^)", "(?m:$)")
	case 2:
		return g.pick(`\d`, `\w`, `\s`, `\D`, `\W`, `\S`, `\pL`, `\pN`, `\p{Greek}`, `\P{L}`, `\p{Lu}`, `\p{^Greek}`, `\pZ`, `\p{Nope}`)
	case 3:
		return g.pick(`\.`, `\n`, `\t`, `\x{e9}`, `\101`, `\Qa.b\E`, `\Q*\E`, `\C`, `\Z`, `\1`, `\_`, `\-`, `\é`, `\07`, `\x4`, `\a`, `\q`)
	case 4:
		return "."
	case 5:
		return g.pick("(?i)", "(?s)", "(?m)", "(?U)", "(?-s)", "(?im-sU)", "(?", "(?a)", "(?i-)", "*", "+", "**", "{2}", "()", "(|a)", "(?:)", "")
	default:
		return letters[g.Intn(len(letters))]
	}
}

func (g generator) text() string {
	var out strings.Builder
	small := g.Intn(2) == 0
	for range g.Intn(14) {
		if small {
			out.WriteString(letters[g.Intn(6)])
		} else {
			out.WriteString(letters[g.Intn(len(letters))])
		}
	}
	return out.String()
}

func main() {
	writer := bufio.NewWriter(os.Stdout)
	defer writer.Flush()
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	if len(os.Args) == 3 {
		seed, _ := strconv.ParseInt(os.Args[1], 10, 64)
		count, _ := strconv.Atoi(os.Args[2])
		g := generator{rand.New(rand.NewSource(seed))}
		for range count {
			c := testCase{Pattern: g.pattern(2), Text: g.text(), Limit: g.Intn(5) - 1}
			c.Replacement = g.pick("X", "<$0>", "$1", "[${1}]", "$n-", "${m}", "$$", "$1x", "$", "$ ", "${", "${1", "$2$1", "$10", "$01")
			c.answer()
			if err := encoder.Encode(c); err != nil {
				panic(err)
			}
		}
		return
	}
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 1<<26)
	for scanner.Scan() {
		var c testCase
		if err := json.Unmarshal(scanner.Bytes(), &c); err != nil {
			panic(err)
		}
		c.answer()
		if err := encoder.Encode(c); err != nil {
			panic(err)
		}
	}
}
