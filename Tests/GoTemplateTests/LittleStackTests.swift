import Foundation
import GoTemplate
import JSON
import Testing

/// Depth of every sort ends with an error or a result on the small stacks that threads of other programs have.
@Suite("Templates on a little stack")
struct LittleStackTests {
    /// Runs `body` on a thread with a stack of 512 KiB, and waits for it. Code that is built for debugging needs several
    /// times as much for each call.
    static func onLittleStack(_ body: @escaping @Sendable () -> Void) {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        thread.stackSize = (Self.isDebugBuild ? 2048 : 512) << 10
        thread.start()
        done.wait()
    }

    private static let isDebugBuild: Bool = {
        var isDebugBuild = false
        assert(
            {
                isDebugBuild = true
                return true
            }()
        )
        return isDebugBuild
    }()

    private static let blocks = "{{ range until 2 }}{{ with 1 }}{{ if 1 }}"
    private static let ends = "{{ end }}{{ end }}{{ end }}"

    @Test(arguments: [
        "{{ define \"t\" }}{{ template \"t\" . }}{{ end }}{{ template \"t\" . }}",
        "{{ define \"t\" }}\(blocks){{ template \"t\" . }}\(ends){{ end }}{{ template \"t\" . }}",
        "{{ define \"t\" }}\(String(repeating: blocks, count: 30)){{ template \"t\" . }}\(String(repeating: ends, count: 30))"
            + "{{ end }}{{ template \"t\" . }}",
        "{{ define \"a\" }}{{ template \"b\" (list . .) }}{{ end }}{{ define \"b\" }}{{ template \"a\" (dict \"x\" .) }}{{ end }}"
            + "{{ template \"a\" . }}",
        "{{ define \"t\" }}{{ with (list (dict \"a\" (print (add 1 2)))) }}{{ template \"t\" . }}{{ end }}{{ end }}"
            + "{{ template \"t\" . }}",
    ])
    func templatesThatCallThemselvesReachALimit(template: String) throws {
        Self.onLittleStack {
            var code: TemplateError.Code?
            do throws(TemplateError) {
                _ = try Template(template).render(TemplateContext(root: JSONObject()))
            } catch { code = error.code }
            #expect(code == .limit)
        }
    }

    @Test(arguments: [
        "{{ $l := list }}{{ range 290 }}{{ $l = list $l }}{{ end }}{{ toJson $l }}{{ $l }}{{ deepCopy $l }}"
            + "{{ deepEqual $l $l }}{{ printf \"%d\" $l }}",
        "{{ $d := dict }}{{ range 290 }}{{ $d = dict \"a\" $d }}{{ end }}{{ merge (deepCopy $d) $d | toJson }}",
        "{{ $d := dict }}{{ range 100000 }}{{ $d = dict \"a\" $d }}{{ end }}{{ toPrettyJson $d }}",
    ])
    func deepValuesThatTemplatesMakeNeedLittleStack(template: String) {
        Self.onLittleStack { _ = try? Template(template).render(TemplateContext(root: JSONObject())) }
    }

    @Test func longAndDeepTemplatesAreReadOnALittleStack() {
        Self.onLittleStack {
            for (open, close) in [
                ("(", ")"), ("{{ if 1 }}", "{{ end }}"), ("{{ range 1 }}", "{{ else }}"), ("print (", ")"),
            ] {
                for depth in [90, 99, 100_000] {
                    let middle = open.hasPrefix("{") ? "x" : "1"
                    var text = String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
                    if !open.hasPrefix("{") { text = "{{ \(text) }}" }
                    _ = try? Template(text).render(TemplateContext(root: JSONObject()))
                }
            }
            let long = String(repeating: "{{ $x := 1 }}{{ .a }} ", count: 50_000)
            _ = try? Template(long).render(TemplateContext(root: ["a": 1]))
        }
    }

    @Test func deepDataIsReadOnALittleStack() {
        Self.onLittleStack {
            var value = JSONValue.null
            for _ in 0..<400 { value = .array([.object(["a": value])]) }
            let context = TemplateContext(root: ["input": value])
            for call in [
                "toJson .input", ".input", "deepCopy .input", "deepEqual .input .input", "printf \"%d\" .input",
            ] {
                _ = try? Template("x{{ \(call) }}").render(context)
                _ = try? Template("{{ \(call) }}").evaluate(context)
            }
        }
    }
}
