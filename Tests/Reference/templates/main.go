// Command reference renders templates with Go's text/template and sprig, changed only where muster decided otherwise
// (docs/templates.md). It is what muster's engine is compared with: see Scripts/compare-templates.
//
// Reads lines {"id", "template", "data", "typed"} and writes, in order, {"id", "output"} or {"id", "value"} (typed and
// exactly one action) or {"id", "error"}; "missing" is the key that the data lacks.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"text/template"
	"text/template/parse"
)

type request struct {
	ID       any    `json:"id"`
	Template string `json:"template"`
	Data     any    `json:"data"`
	Typed    bool   `json:"typed"`
}

func main() {
	log.SetFlags(0)
	debug.SetMaxStack(256 << 20)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		var in request
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.UseNumber()
		if err := decoder.Decode(&in); err != nil {
			log.Fatalf("bad line: %v", err)
		}
		if err := encoder.Encode(answer(in)); err != nil {
			log.Fatal(err)
		}
		// A template that ends the process must not take the answers before it along.
		out.Flush()
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}

var missingKey = regexp.MustCompile(`map has no entry for key "([^"]*)"`)

func answer(in request) (result map[string]any) {
	result = map[string]any{"id": in.ID}
	defer func() {
		if problem := recover(); problem != nil {
			result = map[string]any{"id": in.ID, "error": fmt.Sprint("panic: ", problem)}
		}
	}()
	run := &run{}
	text, err := run.execute(in)
	if err != nil {
		result["error"] = err.Error()
		if found := missingKey.FindStringSubmatch(err.Error()); found != nil {
			result["missing"] = found[1]
		}
		return result
	}
	if in.Typed && run.isSingle {
		value, err := plain(run.captured, 0)
		if err != nil {
			return map[string]any{"id": in.ID, "error": err.Error()}
		}
		result["value"] = value
		return result
	}
	result["output"] = text
	return result
}

// run is one evaluation.
type run struct {
	isSingle bool
	captured any
}

func (run *run) execute(in request) (string, error) {
	functions := functions()
	functions["__print"] = func(value any) string { return printed(value) }
	functions["__capture"] = func(value any) string {
		run.captured = value
		return ""
	}
	functions["__rounds"] = rounds
	functions["__integer"] = func(value any) any { return asInt(value) }
	parsed, err := template.New("\x00main").Funcs(functions).Option("missingkey=error").Parse(in.Template)
	if err != nil {
		return "", err
	}
	for _, one := range parsed.Templates() {
		if one.Tree != nil && one.Tree.Root != nil {
			rewriteList(one.Tree.Root, "__print")
		}
	}
	if root := parsed.Tree; root != nil && len(root.Root.Nodes) == 1 {
		action, isAction := root.Root.Nodes[0].(*parse.ActionNode)
		if isAction && len(action.Pipe.Decl) == 0 {
			run.isSingle = true
			if in.Typed {
				last := action.Pipe.Cmds[len(action.Pipe.Cmds)-1]
				last.Args[0].(*parse.IdentifierNode).Ident = "__capture"
			}
		}
	}
	if parsed.Tree == nil {
		return "", nil
	}
	var text strings.Builder
	err = parsed.Execute(&text, numbers(in.Data))
	return text.String(), err
}
