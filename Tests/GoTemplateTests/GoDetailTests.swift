import GoTemplate
import Testing

/// Details of Go's behaviour that long comparisons with Go brought to light.
@Suite("Details of Go's templates")
struct GoDetailTests {
    @Test(arguments: [
        ("{{ printf \"%w\" (list 1 \"a\") }}", "%!w([]interface {}=[1,\"a\"])"),
        ("{{ printf \"%w\" 3 }}", "%!w(int=3)"),
        ("{{ printf \"%#X\" 100000.0 }}", "0X1.86AP+16"), ("{{ printf \"%#x\" 100000.0 }}", "0x1.86a0p+16"),
        ("{{ printf \"%#v\" (until 2) }}", "[]int{0, 1}"),
        ("{{ b64dec \"\\r\\nx\" }}", "illegal base64 data at input byte 2"),
        ("{{ printf \"%05.0d|%05s\" 0 \"a\" }}", "     |0000a"),
        ("{{ range $y, $z = nil }}{{ $z }}{{ end }}", "wrongKind"),
        ("{{ if false }}{{ range $y, $z = .l }}{{ $z }}{{ end }}{{ end }}ok", "ok"),
    ])
    func textsAreThoseOfGo(template: String, text: String) throws {
        guard text == "wrongKind" else { return #expect(try render(template) == text) }
        #expect(throws: TemplateError.self) { try render(template) }
    }

    @Test(arguments: [
        ("{{ print .5e_1 }}", TemplateError.Code.syntax), ("{{ dig .nope }}", .missingKey),
        ("{{ .nope | dig \"a\" }}", .missingKey),
        ("{{ dig \"a\" 1 }}", .argumentCount), ("{{ 1 | dig }}", .argumentCount), ("{{ len.x }}", .argumentCount),
        ("{{ or.x }}", .argumentCount), ("{{ define \"t\" }}{{ . $x }}{{ end }}", .unknownVariable),
        ("{{ if false }}{{ .a (nosuch 1) }}{{ end }}", .unknownFunction),
        ("{{ if false }}{{ 1 $x }}{{ end }}", .unknownVariable),
    ])
    func errorsComeInTheOrderOfGo(template: String, code: TemplateError.Code) throws {
        #expect(try failure(template).code == code)
    }
}
