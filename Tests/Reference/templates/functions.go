package main

import (
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/Masterminds/sprig/v3"
)

// What muster refuses as too large is refused here too, so that a comparison ends.
const (
	longestText  = 4 << 20
	mostElements = 2_000_000
)

var errLimit = errors.New("limit: too large")

func functions() template.FuncMap {
	table := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(table, name)
	}
	original := sprig.TxtFuncMap()
	for name, function := range texts(original) {
		table[name] = function
	}
	for name, function := range comparisons() {
		table[name] = function
	}
	for name, function := range collections() {
		table[name] = function
	}
	for name, function := range clocked(original) {
		table[name] = function
	}
	for name, function := range bounded(original) {
		table[name] = function
	}
	return table
}

// texts are the functions inside which a composite becomes text.
func texts(sprig template.FuncMap) template.FuncMap {
	table := template.FuncMap{
		"print":   func(values ...any) string { return fmt.Sprint(allShown(values)...) },
		"println": func(values ...any) string { return fmt.Sprintln(allShown(values)...) },
		"printf":  printf,
	}
	for name, escape := range map[string]func(...any) string{
		"html": template.HTMLEscaper, "js": template.JSEscaper, "urlquery": template.URLQueryEscaper,
	} {
		table[name] = func(values ...any) string {
			values = allShown(values)
			for index, value := range values {
				if value == nil {
					values[index] = ""
				}
			}
			return escape(values...)
		}
	}
	for _, name := range []string{"quote", "squote", "cat"} {
		function := sprig[name].(func(...any) string)
		table[name] = func(values ...any) string { return function(allShown(values)...) }
	}
	// Go works on bytes here, which damages texts that are not ASCII.
	table["nospace"] = func(text string) string { return strings.Join(strings.Fields(text), "") }
	table["initials"] = func(text string) string {
		var initials strings.Builder
		for _, word := range strings.Fields(text) {
			_, width := utf8.DecodeRuneInString(word)
			initials.WriteString(word[:width])
		}
		return initials.String()
	}
	table["toString"] = func(value any) string { return sprig["toString"].(func(any) string)(shown(value)) }
	table["toDecimal"] = func(value any) int64 { return sprig["toDecimal"].(func(any) int64)(shown(value)) }
	list := func(value any) any {
		reflected := reflect.ValueOf(value)
		if value == nil || reflected.Kind() != reflect.Slice {
			return shown(value)
		}
		elements := make([]any, reflected.Len())
		for index := range elements {
			elements[index] = shown(reflected.Index(index).Interface())
		}
		return elements
	}
	table["toStrings"] = func(value any) []string { return sprig["toStrings"].(func(any) []string)(list(value)) }
	table["sortAlpha"] = func(value any) []string { return sprig["sortAlpha"].(func(any) []string)(list(value)) }
	table["join"] = func(separator string, value any) string {
		return sprig["join"].(func(string, any) string)(separator, list(value))
	}
	table["dict"] = func(values ...any) map[string]any {
		for index := 0; index < len(values); index += 2 {
			if isComposite(values[index]) {
				values[index] = compact(values[index])
			}
		}
		return sprig["dict"].(func(...any) map[string]any)(values...)
	}
	return table
}

var builtIn = func() map[string]*template.Template {
	table := map[string]*template.Template{}
	for _, name := range []string{"eq", "ne", "lt", "le", "gt", "ge"} {
		table[name] = template.Must(template.New(name).Parse("{{ " + name + " .a .b }}"))
	}
	return table
}()

// compare asks Go's own function about two values that are not both numbers.
func compare(name string, left, right any) (bool, error) {
	var text strings.Builder
	err := builtIn[name].Execute(&text, map[string]any{"a": left, "b": right})
	return text.String() == "true", err
}

func comparisons() template.FuncMap {
	equals := func(left, right any) (bool, error) {
		if isNumber(left) && isNumber(right) {
			result, ok := order(left, right)
			return ok && result == 0, nil
		}
		return compare("eq", left, right)
	}
	table := template.FuncMap{
		"eq": func(first any, others ...any) (bool, error) {
			if len(others) == 0 {
				return false, errors.New("missing argument for comparison")
			}
			for _, other := range others {
				if same, err := equals(first, other); same || err != nil {
					return same, err
				}
			}
			return false, nil
		},
		"ne": func(left, right any) (bool, error) {
			same, err := equals(left, right)
			return !same, err
		},
	}
	for name, holds := range map[string]func(int) bool{
		"lt": func(order int) bool { return order < 0 }, "le": func(order int) bool { return order <= 0 },
		"gt": func(order int) bool { return order > 0 }, "ge": func(order int) bool { return order >= 0 },
	} {
		table[name] = func(left, right any) (bool, error) {
			if isNumber(left) && isNumber(right) {
				result, ok := order(left, right)
				return ok && holds(result), nil
			}
			return compare(name, left, right)
		}
	}
	return table
}

func elements(value any) ([]any, error) {
	if value == nil {
		return nil, errors.New("null is no list")
	}
	reflected := reflect.ValueOf(value)
	if reflected.Kind() != reflect.Slice {
		return nil, fmt.Errorf("%T is no list", value)
	}
	list := make([]any, reflected.Len())
	for index := range list {
		list[index] = reflected.Index(index).Interface()
	}
	return list, nil
}

func contains(list []any, value any) bool {
	for _, element := range list {
		if equal(element, value) {
			return true
		}
	}
	return false
}

// collections are functions that compare elements, and those whose order is left to chance in Go.
func collections() template.FuncMap {
	has := func(value, list any) (bool, error) {
		if list == nil {
			return false, nil
		}
		all, err := elements(list)
		return contains(all, value), err
	}
	without := func(list any, omitted ...any) ([]any, error) {
		all, err := elements(list)
		kept := []any{}
		for _, element := range all {
			if !contains(omitted, element) {
				kept = append(kept, element)
			}
		}
		return kept, err
	}
	uniq := func(list any) ([]any, error) {
		all, err := elements(list)
		kept := []any{}
		for _, element := range all {
			if !contains(kept, element) {
				kept = append(kept, element)
			}
		}
		return kept, err
	}
	sortedKeys := func(object map[string]any) []string {
		keys := make([]string, 0, len(object))
		for key := range object {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		return keys
	}
	return template.FuncMap{
		"has": has, "mustHas": has, "without": without, "mustWithout": without, "uniq": uniq, "mustUniq": uniq,
		"deepEqual": equal,
		"keys": func(objects ...map[string]any) []string {
			keys := []string{}
			for _, object := range objects {
				keys = append(keys, sortedKeys(object)...)
			}
			return keys
		},
		"values": func(object map[string]any) []any {
			values := []any{}
			for _, key := range sortedKeys(object) {
				values = append(values, object[key])
			}
			return values
		},
	}
}

// rounds refuses integers that a loop would count to for too long.
func rounds(value any) (any, error) {
	if reflected := reflect.ValueOf(value); value != nil && reflected.CanInt() && reflected.Int() > mostElements {
		return nil, errLimit
	}
	return value, nil
}

// bounded are functions that would make huge texts or lists.
func bounded(sprig template.FuncMap) template.FuncMap {
	untilStep := func(start, stop, step int) ([]int, error) {
		distance := float64(stop) - float64(start)
		if step != 0 && distance/float64(step) > mostElements {
			return nil, errLimit
		}
		return sprig["untilStep"].(func(int, int, int) []int)(start, stop, step), nil
	}
	table := template.FuncMap{
		"untilStep": untilStep,
		"until": func(count int) ([]int, error) {
			if count > mostElements || count < -mostElements {
				return nil, errLimit
			}
			return sprig["until"].(func(int) []int)(count), nil
		},
		"seq": func(numbers ...int) (string, error) {
			for _, number := range numbers {
				if number > mostElements || number < -mostElements {
					return "", errLimit
				}
			}
			return sprig["seq"].(func(...int) string)(numbers...), nil
		},
		"repeat": func(count int, text string) (string, error) {
			if float64(count)*float64(len(text)) > longestText {
				return "", errLimit
			}
			return sprig["repeat"].(func(int, string) string)(count, text), nil
		},
	}
	for _, name := range []string{"indent", "nindent"} {
		function := sprig[name].(func(int, string) string)
		table[name] = func(width int, text string) (string, error) {
			if float64(width)*float64(strings.Count(text, "\n")+1) > longestText {
				return "", errLimit
			}
			return function(width, text), nil
		}
	}
	for _, name := range []string{"randAlpha", "randAlphaNum", "randNumeric", "randAscii"} {
		function := sprig[name].(func(int) string)
		table[name] = func(count int) (string, error) {
			if count > longestText {
				return "", errLimit
			}
			return function(count), nil
		}
	}
	return table
}
