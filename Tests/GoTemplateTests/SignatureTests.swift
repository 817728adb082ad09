import Foundation
import GoTemplate
import JSON
import Testing

@Suite("Signatures of the template functions")
struct SignatureTests {
    @Test(arguments: Template.signatures.filter { !$0.examples.isEmpty })
    func examplesGiveWhatTheySay(signature: TemplateSignature) throws {
        for example in signature.examples {
            #expect(try render("{{ \(example.action) }}") == example.output)
        }
    }

    @Test func everyFunctionThatGivesSomethingHasAnExampleOrDependsOnTheClock() {
        let clock: Set<String> = ["now", "ago"]
        for signature in Template.signatures where signature.alias == nil && !signature.alwaysFails {
            #expect(!signature.examples.isEmpty || clock.contains(signature.name), "\(signature.name)")
        }
    }

    @Test(arguments: Template.signatures) func argumentsAreCountedAsTheSignatureSays(signature: TemplateSignature) {
        func isCounted(_ count: Int) -> Bool {
            let arguments = Array(repeating: "nil", count: count).joined(separator: " ")
            do throws(TemplateError) {
                _ = try Template("{{ \(signature.name) \(arguments) }}").render(TemplateContext(root: JSONObject()))
                return true
            } catch { return error.code != .argumentCount }
        }
        let wanted = signature.parameters.count
        #expect(isCounted(wanted))
        if wanted > 0 { #expect(!isCounted(wanted - 1) || (wanted == 1 && signature.name == "default")) }
        #expect(isCounted(wanted + 1) == (signature.rest != nil))
    }

    @Test func declarationsReadAsTheyAreWritten() throws {
        let declarations = Dictionary(uniqueKeysWithValues: Template.signatures.map { ($0.name, $0.declaration) })
        #expect(declarations["chunk"] == "chunk(size: integer, list: list) → list of type of 2")
        #expect(declarations["first"] == "first(list: list) → element of 1")
        #expect(declarations["printf"] == "printf(format: string, values: any…) → string")
        #expect(declarations["mustFirst"] == "mustFirst(list: list) → element of 1")
        #expect(declarations["lt"] == "lt(left: number | string, right: number | string) → boolean")
    }

    @Test func everyFunctionOfTheListOfVectorsIsThereWithItsNumberOfArguments() throws {
        let project = #filePath.split(separator: "/").dropLast(3)
        let path = "/" + (project.dropLast() + ["shared", "vectors", "functions.json"]).joined(separator: "/")
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            print("skipped: ../shared/vectors/functions.json is not there")
            return
        }
        let signatures = Dictionary(uniqueKeysWithValues: Template.signatures.map { ($0.name, $0) })
        var listed: Set<String> = []
        for function in try JSONValue(parsing: text)["functions"]?.arrayValue ?? [] {
            let name = function["name"]?.stringValue ?? ""
            if function["excluded"]?.boolValue == true {
                #expect(signatures[name] == nil)
                let error = try #require(throws: TemplateError.self) { try Template("{{ \(name) \"x\" }}") }
                #expect(error.code == .refusedFunction)
                continue
            }
            listed.insert(name)
            let signature = try #require(signatures[name], "\(name) is missing")
            #expect(signature.parameters.count == function["minArgs"]?.integerValue.map { Int($0) }, "\(name)")
            #expect((signature.rest != nil) == (function["maxArgs"]?.isNull ?? true), "\(name)")
            #expect(signature.isDeterministic == function["deterministic"]?.boolValue, "\(name)")
            #expect(signature.isDeprecated == function["deprecated"]?.boolValue, "\(name)")
        }
        #expect(signatures.keys.filter { !listed.contains($0) }.isEmpty)
    }
}
