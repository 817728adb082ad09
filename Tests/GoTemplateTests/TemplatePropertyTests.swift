import GoTemplate
import JSON
import Testing

/// What must hold for every template, tried on generated ones.
@Suite("Properties of generated templates")
struct TemplatePropertyTests {
    private enum Outcome: Equatable {
        case text(String)
        case failure(TemplateError.Code, String?)
    }

    private static let texts: [String] = (0..<2000).map { GeneratedTemplate.text(seed: $0) }

    @Test func mostGeneratedTemplatesWork() throws {
        let context = try context(GeneratedTemplate.data)
        let count = Self.texts.count { if case .text = Self.outcome($0, context) { true } else { false } }
        #expect(count > Self.texts.count * 7 / 10)
        #expect(count < Self.texts.count)
    }

    @Test func whatIsNotAmongTheReferencesIsNotRead() throws {
        let data = try #require(try JSONValue(parsing: GeneratedTemplate.data).objectValue)
        var pruned = 0
        for text in Self.texts {
            guard let template = try? Template(text) else { continue }
            let kept = Self.pruned(data, to: template.references.map(\.path))
            if kept != data { pruned += 1 }
            let (all, some) = (TemplateContext(root: data), TemplateContext(root: kept))
            #expect(
                Self.outcome(text, all) == Self.outcome(text, some),
                "\(text)\nwith \(JSONValue.object(kept).text())"
            )
        }
        #expect(pruned > Self.texts.count / 2)
    }

    @Test func aTypedResultPrintsAsTheText() throws {
        let context = try context(GeneratedTemplate.data)
        for text in Self.texts {
            guard let template = try? Template(text), let shown = try? template.render(context) else { continue }
            let value = try template.evaluate(context)
            if template.isSingleAction {
                #expect(try Template("{{ .v }}").render(TemplateContext(root: ["v": value])) == shown, "\(text)")
            } else {
                #expect(value == .string(shown), "\(text)")
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func everyErrorSaysWhereItHappened(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let limits = TemplateLimits(outputBytes: 10_000, steps: 2_000, callDepth: 5)
        let context = try context(GeneratedTemplate.data, limits: limits)
        let names = Template.signatures.map(\.name)
        var codes: Set<TemplateError.Code> = []
        for number in 0..<150 {
            var text = GeneratedTemplate.text(seed: random.next())
            switch number % 3 {
            case 0: text = Self.damaged(text, &random)
            case 1:
                let arguments = (0..<(random.next() % 4)).map { _ in
                    random.pick([
                        ".input", ".input.l", "\"%d é\"", "-1", "99999999", "nil", "(now)", "2.5", ".input.none",
                    ])
                }
                text = "é\n{{ " + ([random.pick(names)] + arguments).joined(separator: " ") + " }}"
            default: text += random.pick(Self.endings)
            }
            do throws(TemplateError) {
                let template = try Template(text)
                _ = try template.render(context)
                _ = try template.evaluate(context)
            } catch {
                codes.insert(error.code)
                Self.checkPlace(of: error, in: text)
            }
        }
        #expect(codes.count > 4)
    }

    // MARK: Pieces

    private static let endings = [
        "{{ fail \"no\" }}", "{{ env \"HOME\" }}", "{{ template \"nope\" }}", "{{ $nope }}",
        "{{ range 9999 }}{{ end }}",
        "{{ repeat 99999 \"x\" }}", "{{ define \"r\" }}{{ template \"r\" }}{{ end }}{{ template \"r\" }}",
        "{{ upper }}", "{{ upper 1 }}",
        "{{ range .input.s }}{{ end }}", "{{ .input.s.x }}", "{{ (now).Nope }}", "{{ (semver \"1.2.3\").Nope }}",
        "{{ .input 1 }}",
        "{{ nil }}", "{{ 99999999999999999999 }}", "{{ .input.l[7] }}", "{{ if fail \"x\" }}{{ end }}",
        "{{ with fail \"x\" }}{{ end }}",
        "{{ $x := div 1 0 }}", "{{ template \"t\" (div 1 0) }}{{ define \"t\" }}{{ end }}", "{{ break }}", "{{ eq }}",
        "{{ and }}",
        "{{ range $i, $e := 3 }}{{ end }}", "{{ 1 | 2 }}", "{{ \"\\q\" }}", "{{ 'ab' }}", "{{ if }}{{ end }}",
        "{{ (.input }}",
    ]

    private static func outcome(_ text: String, _ context: TemplateContext) -> Outcome {
        do throws(TemplateError) {
            return .text(try Template(text).render(context))
        } catch { return .failure(error.code, error.missingKey) }
    }

    /// The template with some bytes left out or put in.
    private static func damaged(_ text: String, _ random: inout SplitMix64) -> String {
        var characters = Array(text)
        for _ in 0...random.next() % 2 where !characters.isEmpty {
            let position = Int(random.next() % UInt64(characters.count))
            if random.next() % 2 == 0 {
                characters.remove(at: position)
            } else {
                characters.insert(random.pick(Array("({}|\"$.)é")), at: position)
            }
        }
        return String(characters)
    }

    private static func checkPlace(of error: TemplateError, in text: String) {
        let bytes = Array(text.utf8)
        guard let range = error.range, let line = error.line, let column = error.column, let node = error.node else {
            Issue.record("\(text): no place in \(error.code) \(error.message)")
            return
        }
        guard range.upperBound <= bytes.count else {
            Issue.record("\(text): \(range) is outside of the text, \(error)")
            return
        }
        let before = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).unicodeScalars
        #expect(line == before.count { $0 == "\n" } + 1, "\(text)")
        #expect(column == before.reversed().prefix { $0 != "\n" }.count + 1, "\(text)")
        let part = String(decoding: bytes[range], as: UTF8.self)
        #expect(node == part || (node.hasSuffix("…") && part.hasPrefix(node.dropLast(2))), "\(text)")
    }

    /// The data with nothing but what the paths lead to, also by way of old names and of names without a root key.
    private static func pruned(_ data: JSONObject, to paths: [[String]]) -> JSONObject {
        var kept = JSONObject()
        for path in paths {
            switch path[0] {
            case "args": copy(["input"] + path.dropFirst(), from: data, to: &kept)
            case "stepResults": copy(["results"] + path.dropFirst(), from: data, to: &kept)
            case let key where data[key] != nil: copy(path, from: data, to: &kept)
            default: for scope in ["vars", "results", "input"] { copy([scope] + path, from: data, to: &kept) }
            }
        }
        // Whether a scope is there at all is no secret.
        for key in data.keys where kept[key] == nil { kept[key] = .object([:]) }
        return kept
    }

    private static func copy(_ path: some Collection<String>, from source: JSONObject, to target: inout JSONObject) {
        guard let key = path.first, let value = source[key] else { return }
        guard path.count > 1, case .object(let inner) = value else {
            target[key] = value
            return
        }
        var members = target[key]?.objectValue ?? JSONObject()
        copy(path.dropFirst(), from: inner, to: &members)
        target[key] = .object(members)
    }
}
