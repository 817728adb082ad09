package main

import (
	"os"
	"strconv"
	"text/template"
	"time"
)

// now is the current time, or what REFERENCE_NOW says in microseconds since 1970.
func now() time.Time {
	if microseconds, err := strconv.ParseInt(os.Getenv("REFERENCE_NOW"), 10, 64); err == nil {
		return time.UnixMicro(microseconds).UTC()
	}
	return time.Now().UTC()
}

// clocked are the functions that ask for the time.
func clocked(sprig template.FuncMap) template.FuncMap {
	moment := func(value any) any {
		switch value.(type) {
		case time.Time, int, int64, int32:
			return value
		}
		return now()
	}
	dateInZone := sprig["dateInZone"].(func(string, any, string) string)
	inZone := func(layout string, value any, zone string) string { return dateInZone(layout, moment(value), zone) }
	return template.FuncMap{
		"now": now, "dateInZone": inZone, "date_in_zone": inZone,
		"date":           func(layout string, value any) string { return inZone(layout, value, "Local") },
		"htmlDate":       func(value any) string { return inZone("2006-01-02", value, "Local") },
		"htmlDateInZone": func(value any, zone string) string { return inZone("2006-01-02", value, zone) },
		"ago": func(value any) string {
			switch then := moment(value).(type) {
			case time.Time:
				return now().Sub(then).Round(time.Second).String()
			case int64:
				return now().Sub(time.Unix(then, 0)).Round(time.Second).String()
			case int:
				return now().Sub(time.Unix(int64(then), 0)).Round(time.Second).String()
			}
			return "0s"
		},
		"durationRound": func(value any) string {
			if then, ok := value.(time.Time); ok {
				value = int64(now().Sub(then))
			}
			return sprig["durationRound"].(func(any) string)(value)
		},
	}
}
