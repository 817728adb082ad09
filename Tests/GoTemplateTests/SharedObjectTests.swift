import GoTemplate
import JSON
import Testing

/// A change of an object is seen by all who hold it, also where the object is a part of the data.
@Suite("Shared objects")
struct SharedObjectTests {
    private let data = #"{"o":{"a":1},"p":{"in":{"a":1}},"q":{"in":{"b":2}},"l":[{"k":"x","n":1},{"k":"y","n":2}]}"#

    @Test(arguments: [
        (#"{{ $_ := set .o "x" 1 }}{{ .o.x }}"#, "1"),
        (#"{{ $d := dict }}{{ $d = .o }}{{ $_ := set $d "x" 1 }}{{ .o.x }}"#, "1"),
        (#"{{ $d := .o }}{{ $e := $d }}{{ $_ := set $e "x" 1 }}{{ .o.x }}"#, "1"),
        (#"{{ with .o }}{{ $_ := set . "x" 1 }}{{ end }}{{ .o.x }}"#, "1"),
        (#"{{ range .l }}{{ $_ := set . "x" .n }}{{ end }}{{ (index .l 1).x }}"#, "2"),
        (#"{{ range $e := .l }}{{ $_ := set $e "x" .n }}{{ end }}{{ (index .l 1).x }}"#, "2"),
        (#"{{ $d := dict "o" .o }}{{ $_ := set $d.o "x" 1 }}{{ .o.x }}"#, "1"),
        (#"{{ $d := dict "o" .o }}{{ $_ := set (get $d "o") "x" 1 }}{{ .o.x }}"#, "1"),
        (#"{{ $d := dict }}{{ $_ := set $d "o" .o }}{{ $_ = set $d.o "x" 1 }}{{ .o.x }}"#, "1"),
        (#"{{ $_ := merge .o (dict "x" 1) }}{{ .o.x }}"#, "1"),
        (#"{{ $_ := unset .o "a" }}{{ len .o }}"#, "0"),
        (
            #"{{ define "t" }}{{ $x := dict }}{{ range .l }}{{ $x = . }}{{ $_ := set $x "x" 1 }}{{ end }}{{ end }}"#
                + #"{{ template "t" . }}{{ (index .l 0).x }}"#, "1"
        ),
    ])
    func changesOfDataAreSeenInIt(template: String, wanted: String) throws {
        #expect(try render(template, data) == wanted)
    }

    @Test(arguments: [
        (#"{{ $d := dict }}{{ range .l }}{{ $_ := set $d .k .n }}{{ end }}{{ toJson $d }}"#, #"{"x":1,"y":2}"#),
        (#"{{ $d := dict }}{{ $e := $d }}{{ $_ := set $d "x" 1 }}{{ $e.x }}"#, "1"),
        (#"{{ $d := dict }}{{ $_ := set $d "self" $d }}{{ $_ = set $d.self "x" 1 }}{{ $d.x }}"#, "1"),
        (
            #"{{ $a := dict }}{{ $b := $a }}{{ $b = .o }}{{ $_ := set $a "x" 1 }}{{ $_ = set $b "x" 2 }}{{ $a.x }}{{ .o.x }}"#,
            "12"
        ),
        (#"{{ $d := merge (dict) .o }}{{ $_ := set $d "x" 1 }}{{ hasKey .o "x" }} {{ $d.a }}"#, "false 1"),
        (#"{{ $d := merge (dict) .p .q }}{{ toJson $d.in }}"#, #"{"a":1,"b":2}"#),
        (
            #"{{ $d := merge (dict "in" (dict "c" 3)) .q }}{{ toJson $d.in }} {{ toJson .q.in }}"#,
            #"{"b":2,"c":3} {"b":2}"#
        ),
    ])
    func objectsOfATemplateChangeWithoutTheData(template: String, wanted: String) throws {
        #expect(try render(template, data) == wanted)
    }

    @Test func appendedListsLeaveThoseTheyGrewFromAsTheyWere() throws {
        let template =
            #"{{ $a := list 1 }}{{ $b := append $a 2 }}{{ $c := append $a 3 }}{{ $d := append $b 4 }}"#
            + #"{{ $e := append $b 5 }}{{ $f := append $d 6 }}"#
            + #"{{ range list $a $b $c $d $e $f }}{{ join "" . }} {{ end }}"#
        #expect(try render(template) == "1 12 13 124 125 1246 ")
    }
}
