// Command templates renders each case of a file with Go's text/template and sprig, parsed once, and prints the time of one
// render: what muster's own templates are measured against.
//
//	templates CASES.jsonl MILLISECONDS REPETITIONS
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

type benchCase struct {
	name     string
	template *template.Template
	data     any
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: templates CASES.jsonl MILLISECONDS REPETITIONS")
	}
	milliseconds, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	repetitions, err := strconv.Atoi(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	cases := load(os.Args[1])
	out := json.NewEncoder(os.Stdout)
	for range repetitions {
		for _, one := range cases {
			out.Encode(map[string]any{"case": one.name, "nanoseconds": measure(one, time.Duration(milliseconds)*time.Millisecond)})
		}
	}
}

// render makes a new text, as a caller that wants the result would.
func render(one benchCase) string {
	var text strings.Builder
	if err := one.template.Execute(&text, one.data); err != nil {
		log.Fatalf("%s: %v", one.name, err)
	}
	return text.String()
}

func measure(one benchCase, budget time.Duration) float64 {
	start := time.Now()
	rounds, batch := 0, 1
	for time.Since(start) < budget {
		for range batch {
			render(one)
		}
		rounds += batch
		batch = min(batch*2, 256)
	}
	return float64(time.Since(start).Nanoseconds()) / float64(rounds)
}

func load(path string) []benchCase {
	file, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	var cases []benchCase
	for lines.Scan() {
		var in struct {
			Name, Template string
			Data           any
			OutputBytes    int `json:"output_bytes"`
		}
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.UseNumber()
		if err := decoder.Decode(&in); err != nil {
			log.Fatal(err)
		}
		parsed, err := template.New(in.Name).Funcs(sprig.TxtFuncMap()).Option("missingkey=error").Parse(in.Template)
		if err != nil {
			log.Fatalf("%s: %v", in.Name, err)
		}
		one := benchCase{in.Name, parsed, numbers(in.Data)}
		if text := render(one); len(text) != in.OutputBytes {
			fmt.Fprintf(os.Stderr, "%s: %d bytes of output, the case says %d\n", in.Name, len(text), in.OutputBytes)
		}
		cases = append(cases, one)
	}
	return cases
}

// numbers makes 64-bit integers of whole numbers and floats of all others.
func numbers(value any) any {
	switch value := value.(type) {
	case json.Number:
		if integer, err := value.Int64(); err == nil {
			return integer
		}
		float, _ := value.Float64()
		return float
	case map[string]any:
		for key, element := range value {
			value[key] = numbers(element)
		}
	case []any:
		for index, element := range value {
			value[index] = numbers(element)
		}
	}
	return value
}
