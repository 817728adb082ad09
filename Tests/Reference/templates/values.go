package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
)

// numbers makes 64-bit integers of whole JSON numbers and floats of all others.
func numbers(value any) any {
	switch value := value.(type) {
	case json.Number:
		if integer, err := strconv.ParseInt(string(value), 10, 64); err == nil {
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

// asInt makes an int of every other kind of integer.
func asInt(value any) any {
	if value == nil {
		return nil
	}
	reflected := reflect.ValueOf(value)
	switch {
	case reflected.CanInt():
		return int(reflected.Int())
	case reflected.CanUint():
		return int(reflected.Uint())
	}
	return value
}

const depthLimit = 300

// isComposite says whether a value is a list, an object or a structure that becomes JSON where it becomes text.
func isComposite(value any) bool {
	if value == nil {
		return false
	}
	switch value.(type) {
	case fmt.Stringer, error, semver.Version:
		return false
	}
	switch reflect.ValueOf(value).Kind() {
	case reflect.Slice, reflect.Map, reflect.Struct:
		return true
	}
	return false
}

// plain turns a value into what encoding/json writes for muster: lists, objects, texts, numbers, booleans, null.
func plain(value any, depth int) (any, error) {
	if depth > depthLimit {
		return nil, fmt.Errorf("nested too deeply")
	}
	switch value := value.(type) {
	case nil, bool, string:
		return value, nil
	case time.Time:
		return value.Format(time.RFC3339Nano), nil
	case *semver.Version:
		return value.String(), nil
	case semver.Version:
		return value.String(), nil
	case float64:
		if math.IsInf(value, 0) || math.IsNaN(value) {
			return nil, nil
		}
		return value, nil
	}
	reflected := reflect.ValueOf(value)
	switch reflected.Kind() {
	case reflect.Slice:
		list := []any{}
		for index := range reflected.Len() {
			element, err := plain(reflected.Index(index).Interface(), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		return list, nil
	case reflect.Map:
		object := map[string]any{}
		for _, key := range reflected.MapKeys() {
			element, err := plain(reflected.MapIndex(key).Interface(), depth+1)
			if err != nil {
				return nil, err
			}
			object[key.String()] = element
		}
		return object, nil
	case reflect.Struct:
		object := map[string]any{}
		for index := range reflected.NumField() {
			object[reflected.Type().Field(index).Name] = reflected.Field(index).Interface()
		}
		return object, nil
	}
	return value, nil
}

// compact is the text of a composite: one line, keys in byte order, only what JSON asks for escaped.
func compact(value any) string {
	value, err := plain(value, 0)
	if err != nil {
		panic(err)
	}
	var text strings.Builder
	write(&text, value)
	return text.String()
}

func write(text *strings.Builder, value any) {
	switch value := value.(type) {
	case string:
		writeText(text, value)
	case []any:
		text.WriteByte('[')
		for index, element := range value {
			if index > 0 {
				text.WriteByte(',')
			}
			write(text, element)
		}
		text.WriteByte(']')
	case map[string]any:
		keys := make([]string, 0, len(value))
		for key := range value {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		text.WriteByte('{')
		for index, key := range keys {
			if index > 0 {
				text.WriteByte(',')
			}
			writeText(text, key)
			text.WriteByte(':')
			write(text, value[key])
		}
		text.WriteByte('}')
	default:
		bytes, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		text.Write(bytes)
	}
}

func writeText(text *strings.Builder, value string) {
	text.WriteByte('"')
	for index := range len(value) {
		switch letter := value[index]; {
		case letter == '"' || letter == '\\':
			text.WriteByte('\\')
			text.WriteByte(letter)
		case letter == '\n':
			text.WriteString(`\n`)
		case letter == '\r':
			text.WriteString(`\r`)
		case letter == '\t':
			text.WriteString(`\t`)
		case letter == '\b':
			text.WriteString(`\b`)
		case letter == '\f':
			text.WriteString(`\f`)
		case letter < 0x20:
			fmt.Fprintf(text, `\u%04x`, letter)
		default:
			text.WriteByte(letter)
		}
	}
	text.WriteByte('"')
}

// printed is what a printing action writes.
func printed(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(shown(value))
}

// asVersion is a version, which fmt would print as a structure.
func asVersion(value any) any {
	if version, ok := value.(semver.Version); ok {
		return &version
	}
	return value
}

// asJSON is a composite that prints as muster prints it.
type asJSON struct{ text string }

func (composite asJSON) String() string { return composite.text }

// shown gives composites the text that muster gives them; other values stay.
func shown(value any) any {
	if isComposite(value) {
		return asJSON{compact(value)}
	}
	return asVersion(value)
}

func allShown(values []any) []any {
	result := make([]any, len(values))
	for index, value := range values {
		result[index] = shown(value)
	}
	return result
}

func isNumber(value any) bool {
	if value == nil {
		return false
	}
	reflected := reflect.ValueOf(value)
	return reflected.CanInt() || reflected.CanUint() || reflected.CanFloat()
}

// order compares two numbers by value; the second result is false when there is no order.
func order(left, right any) (int, bool) {
	exact := func(value any) *big.Float {
		reflected := reflect.ValueOf(value)
		number := new(big.Float).SetPrec(200)
		switch {
		case reflected.CanInt():
			return number.SetInt64(reflected.Int())
		case reflected.CanUint():
			return number.SetUint64(reflected.Uint())
		case math.IsNaN(reflected.Float()):
			return nil
		}
		return number.SetFloat64(reflected.Float())
	}
	first, second := exact(left), exact(right)
	if first == nil || second == nil {
		return 0, false
	}
	return first.Cmp(second), true
}

// equal is JSON equality with numbers compared by value.
func equal(left, right any) bool {
	if left == nil || right == nil {
		return left == nil && right == nil
	}
	if isNumber(left) && isNumber(right) {
		result, ok := order(left, right)
		return ok && result == 0
	}
	switch first := left.(type) {
	case time.Time:
		second, ok := right.(time.Time)
		return ok && first.Equal(second)
	case *semver.Version:
		second, ok := right.(*semver.Version)
		return ok && first.String() == second.String()
	}
	first, second := reflect.ValueOf(left), reflect.ValueOf(right)
	if first.Kind() != second.Kind() {
		return false
	}
	switch first.Kind() {
	case reflect.Slice:
		if first.Len() != second.Len() {
			return false
		}
		for index := range first.Len() {
			if !equal(first.Index(index).Interface(), second.Index(index).Interface()) {
				return false
			}
		}
		return true
	case reflect.Map:
		if first.Len() != second.Len() {
			return false
		}
		for _, key := range first.MapKeys() {
			other := second.MapIndex(key)
			if !other.IsValid() || !equal(first.MapIndex(key).Interface(), other.Interface()) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(left, right)
}
