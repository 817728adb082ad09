import ArgumentParser
import Diagnostics
import Foundation
import GoTemplate
import JSON
import WorkflowLoading

struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Render a template, to see what it gives.",
        discussion: """
            Prints the text, or with --typed the value as JSON: a template that is exactly one action keeps its type.
            What is wrong is shown with its place. With --jsonl, lines {"id":…,"template":"…","data":{…},"typed":true} are
            read from standard input, and answered in order by {"id":…,"output":"…"}, {"id":…,"value":…} when typed, or
            {"id":…,"error":"…"}. Nothing is run, and no configuration is read.
            """
    )

    @Argument(help: "The template; - reads it from standard input.")
    var template: String?

    @Option(help: "File with the data, JSON or YAML (.yaml, .yml); - reads JSON from standard input.")
    var data: String?

    @Flag(help: "Print the value as JSON.")
    var typed = false

    @Flag(help: "Answer lines of standard input.")
    var jsonl = false

    func validate() throws {
        if jsonl, template != nil || data != nil || typed {
            throw ValidationError("--jsonl takes template, data and type from the lines: leave the rest out")
        }
        if !jsonl, template == nil { throw ValidationError("Missing expected argument '<template>'") }
        if template == "-", data == "-" { throw ValidationError("only one of template and data can come from '-'") }
    }

    func run() async throws {
        if jsonl { return try answerLines() }
        let text = template == "-" ? try readText(FileHandle.standardInput) : template ?? ""
        let context = TemplateContext(try readData())
        do throws(TemplateError) {
            let template = try Template(text)
            guard typed else { return Output.data(try template.render(context)) }
            Output.data(try template.evaluate(context).text(.pretty))
        } catch {
            throw failure(error, text)
        }
    }

    private func failure(_ error: TemplateError, _ text: String) -> CommandFailure {
        let file = SourceFile(name: "template", text: text)
        let range = error.range.map { SourceRange(file: file, start: $0.lowerBound, end: $0.upperBound) }
        Output.talk(Output.printable(Diagnostic(.error, error.code.rawValue, error.message, at: range).rendered()))
        return .silent
    }

    // MARK: Data

    private func readData() throws -> JSONValue {
        guard let data else { return .object([:]) }
        if data == "-" { return try parse(try readBytes(FileHandle.standardInput), name: "standard input") }
        guard let handle = FileHandle(forReadingAtPath: data) else {
            throw CommandFailure.failed("\(data) cannot be read")
        }
        let bytes = try readBytes(handle)
        if data.hasSuffix(".yaml") || data.hasSuffix(".yml") { return try parseYAML(bytes, name: data) }
        return try parse(bytes, name: data)
    }

    private func readBytes(_ handle: FileHandle) throws -> [UInt8] {
        let limit = JSONLimits().size
        let bytes: Data
        do { bytes = try handle.read(upToCount: limit + 1) ?? Data() } catch {
            throw CommandFailure.failed("the input cannot be read: \(error)")
        }
        guard bytes.count <= limit else { throw CommandFailure.failed("the input is larger than \(limit >> 20) MiB") }
        return Array(bytes)
    }

    private func readText(_ handle: FileHandle) throws -> String {
        let bytes = try readBytes(handle)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure.failed("the template is not UTF-8")
        }
        return text
    }

    private func parse(_ bytes: [UInt8], name: String) throws -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: bytes) } catch {
            throw CommandFailure.failed("\(name):\(error.line):\(error.column): \(error.message)")
        }
    }

    private func parseYAML(_ bytes: [UInt8], name: String) throws -> JSONValue {
        let (documents, diagnostics) = YAMLReader.documents(in: SourceFile(name: name, bytes: bytes))
        guard !diagnostics.hasErrors, let document = documents.first else {
            throw CommandFailure.failed(diagnostics.isEmpty ? "\(name) is empty" : diagnostics.rendered())
        }
        return document.json
    }

    // MARK: Lines

    private func answerLines() throws {
        var lines = InputLines(descriptor: STDIN_FILENO, limit: JSONLimits().size)
        var answers: [UInt8] = []
        while let line = lines.next() {
            guard !line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { continue }
            JSONValue.object(RenderLine.answer(line)).write(to: &answers)
            answers.append(0x0A)
            if answers.count > 1 << 16 || !lines.hasMore {
                Output.write(String(decoding: answers, as: UTF8.self), to: STDOUT_FILENO)
                answers.removeAll(keepingCapacity: true)
            }
        }
        Output.write(String(decoding: answers, as: UTF8.self), to: STDOUT_FILENO)
    }
}
