package main

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

// Arguments of printf, which format themselves: numbers adapt to the verb, and composites are JSON for the verbs of
// texts. What fmt says about their types is replaced by the names of the types inside.
type (
	wrappedInt   int
	wrappedInt64 int64
	wrappedFloat float64
	wrappedByte  uint8
	wrappedLong  uint64
	wrappedList  struct{ value any }
	wrappedMap   struct{ value any }
	wrappedText  string
	wrappedOther struct{ value any }
)

func (number wrappedInt) Format(state fmt.State, verb rune)   { format(state, verb, int(number)) }
func (number wrappedInt64) Format(state fmt.State, verb rune) { format(state, verb, int64(number)) }
func (number wrappedByte) Format(state fmt.State, verb rune)  { format(state, verb, uint8(number)) }
func (number wrappedLong) Format(state fmt.State, verb rune)  { format(state, verb, uint64(number)) }
func (number wrappedFloat) Format(state fmt.State, verb rune) { format(state, verb, float64(number)) }
func (text wrappedText) Format(state fmt.State, verb rune)    { format(state, verb, string(text)) }
func (other wrappedOther) Format(state fmt.State, verb rune)  { format(state, verb, other.value) }
func (list wrappedList) Format(state fmt.State, verb rune)    { format(state, verb, list.value) }
func (object wrappedMap) Format(state fmt.State, verb rune)   { format(state, verb, object.value) }

// typeVerb and errorVerb take the place of T and w, for which fmt would not ask the wrappers.
const (
	typeVerb  = '\uE000'
	errorVerb = '\uE001'
)

func format(state fmt.State, verb rune, value any) {
	switch {
	case verb == typeVerb && value == nil:
		width, _ := state.Width()
		if state.Flag('-') {
			width = -width
		}
		if state.Flag('0') && !state.Flag('-') {
			fmt.Fprintf(state, "%0*s", width, "<nil>")
			return
		}
		fmt.Fprintf(state, "%*s", width, "<nil>")
	case verb == typeVerb:
		fmt.Fprintf(state, fmt.FormatString(state, 's'), typeName(value))
	case verb == errorVerb && isComposite(value):
		fmt.Fprint(state, "%!w("+typeName(value)+"=")
		inner := any(compact(value))
		if state.Flag('#') {
			inner = value
		}
		fmt.Fprintf(state, fmt.FormatString(state, 'v'), inner)
		fmt.Fprint(state, ")")
	case verb == errorVerb:
		fmt.Fprintf(state, fmt.FormatString(state, 'w'), value)
	case isComposite(value) && strings.ContainsRune("vsxXq", verb) && !(verb == 'v' && state.Flag('#')):
		fmt.Fprintf(state, fmt.FormatString(state, verb), compact(value))
	case verb == 'v':
		fmt.Fprintf(state, fmt.FormatString(state, verb), value)
	default:
		fmt.Fprintf(state, fmt.FormatString(state, verb), adapted(value, verb, 0))
	}
}

// typeName is what %T says: lists and objects are not told apart by their elements.
func typeName(value any) string {
	if isComposite(value) {
		switch reflect.ValueOf(value).Kind() {
		case reflect.Slice:
			return "[]interface {}"
		case reflect.Map:
			return "map[string]interface {}"
		}
	}
	return fmt.Sprintf("%T", value)
}

// adapted makes floats of integers for the verbs of floats, and integers of whole floats for %d.
func adapted(value any, verb rune, depth int) any {
	if depth > depthLimit {
		panic("nested too deeply")
	}
	switch value := value.(type) {
	case nil:
		return nil
	case int:
		if strings.ContainsRune("eEfFgG", verb) {
			return float64(value)
		}
		return value
	case int64:
		if strings.ContainsRune("eEfFgG", verb) {
			return float64(value)
		}
		return value
	case uint8:
		if strings.ContainsRune("eEfFgG", verb) {
			return float64(value)
		}
		return value
	case uint64:
		if strings.ContainsRune("eEfFgG", verb) {
			return float64(value)
		}
		return value
	case float64:
		if verb == 'd' && value == math.Trunc(value) && value >= -0x1p63 && value < 0x1p63 {
			return int64(value)
		}
		return value
	}
	reflected := reflect.ValueOf(value)
	switch {
	case !isComposite(value):
	case reflected.Kind() == reflect.Slice:
		list := make([]any, reflected.Len())
		for index := range list {
			list[index] = adapted(reflected.Index(index).Interface(), verb, depth+1)
		}
		return list
	case reflected.Kind() == reflect.Map:
		object := map[string]any{}
		for _, key := range reflected.MapKeys() {
			object[key.String()] = adapted(reflected.MapIndex(key).Interface(), verb, depth+1)
		}
		return object
	}
	return value
}

var wrapperNames = strings.NewReplacer(
	"main.wrappedInt64", "int64", "main.wrappedInt", "int", "main.wrappedFloat", "float64", "main.wrappedByte", "uint8",
	"main.wrappedLong", "uint64", "main.wrappedText", "string", "main.wrappedOther=<nil>", "<nil>",
	"main.wrappedList", "[]interface {}", "main.wrappedMap", "map[string]interface {}", string(typeVerb), "T",
	string(errorVerb), "w",
)

func printf(format string, arguments ...any) string {
	format, asksForTypes := withTypeVerbs(format)
	wrapped := make([]any, len(arguments))
	for index, argument := range arguments {
		wrapped[index] = wrap(argument, asksForTypes)
	}
	return wrapperNames.Replace(fmt.Sprintf(format, wrapped...))
}

func wrap(argument any, always bool) any {
	switch argument := argument.(type) {
	case int:
		return wrappedInt(argument)
	case int64:
		return wrappedInt64(argument)
	case float64:
		return wrappedFloat(argument)
	case uint8:
		return wrappedByte(argument)
	case uint64:
		return wrappedLong(argument)
	case string:
		if always {
			return wrappedText(argument)
		}
	}
	switch {
	case isComposite(argument) && reflect.ValueOf(argument).Kind() == reflect.Slice:
		return wrappedList{argument}
	case isComposite(argument):
		return wrappedMap{argument}
	case always:
		return wrappedOther{argument}
	}
	return argument
}

// withTypeVerbs puts our verbs in the place of every T and w.
func withTypeVerbs(format string) (string, bool) {
	var text strings.Builder
	found, inVerb := false, false
	for _, letter := range format {
		switch {
		case !inVerb:
			inVerb = letter == '%'
		case !strings.ContainsRune("+-# 0123456789.*[]", letter):
			inVerb = false
			if letter == 'T' {
				found = true
				letter = typeVerb
			} else if letter == 'w' {
				found = true
				letter = errorVerb
			}
		}
		text.WriteRune(letter)
	}
	if !found {
		return format, false
	}
	return text.String(), true
}
