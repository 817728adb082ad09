package import Diagnostics
package import JSON
package import WorkflowModel

/// Makes definitions of what users write.
package struct DefinitionDecoder {
    /// Every definition in `file`, one per document, and all findings.
    ///
    /// A document with errors is listed without its `definition`. `kind` is the kind of the folder: it is used when the
    /// document names none, and contradicting it is an error. `defaultName` (the file's stem) is used for the first
    /// document without `metadata.name`.
    package static func decode(
        file: SourceFile,
        kind: DefinitionKind?,
        defaultName: String?
    ) -> (definitions: [LoadedDefinition], diagnostics: DiagnosticBag) {
        let (documents, syntax) = YAMLReader.documents(in: file)
        var diagnostics = syntax
        var definitions: [LoadedDefinition] = []
        let filled = documents.filter { !$0.isNull }
        for (index, document) in filled.enumerated() {
            let context = DecodeContext(mode: .lenient)
            let reader = EnvelopeReader(context: context, path: file.name)
            if let loaded = reader.read(document, kind: kind, defaultName: index == 0 ? defaultName : nil) {
                definitions.append(loaded)
            }
            diagnostics.append(contentsOf: context.diagnostics)
        }
        if filled.isEmpty, !syntax.hasErrors {
            diagnostics.error("WF0118", "the file has no content", at: SourceRange(file: file, start: 0, end: 0))
        }
        if definitions.isEmpty, let kind, let defaultName {
            let errors = diagnostics.sorted.filter { $0.severity == .error }.map(\.line)
            definitions.append(.unreadable(kind: kind, name: defaultName, path: file.name, errors: errors))
        } else if syntax.hasErrors, !definitions.isEmpty {
            definitions[definitions.count - 1].invalidate(syntax.errors.map(\.line))
        }
        return (definitions, diagnostics)
    }

    /// A workflow from its `spec` as JSON: a pinned definition (`lenient`) or the arguments of a tool (`strict`).
    ///
    /// `description`, when given, wins over the one in the spec. The workflow is nil when there are errors; their
    /// messages contain the phrases of docs/workflows.md.
    package static func decodeWorkflow(
        name: String,
        spec: JSONObject,
        description: String? = nil,
        mode: DecodeMode = .lenient
    ) -> (workflow: WorkflowDefinition?, diagnostics: DiagnosticBag) {
        let context = DecodeContext(mode: mode)
        let loaded = decode(.workflow, name, spec.replacing("description", description), context)
        return (loaded?.workflow, context.diagnostics)
    }

    /// A workflow as it was pinned: `spec`, and `file` with `name` and `text` where it was read from one. What it does
    /// comes from the spec; the file only gives the places for messages.
    package static func decodePinnedWorkflow(
        name: String,
        _ pinned: JSONObject
    ) -> (workflow: WorkflowDefinition?, diagnostics: DiagnosticBag) {
        var (workflow, diagnostics) = decodeWorkflow(name: name, spec: pinned["spec"]?.objectValue ?? JSONObject())
        if let file = pinned["file"], let path = file["name"]?.stringValue, let text = file["text"]?.stringValue {
            let source = SourceFile(name: path, text: text)
            let definitions = decode(file: source, kind: .workflow, defaultName: name).definitions
            workflow?.origin = definitions.first { $0.name == name }?.workflow?.origin
        }
        return (workflow, diagnostics)
    }

    /// A service class from its `spec` as JSON; phrases of docs/service-classes.md.
    package static func decodeServiceClass(
        name: String,
        spec: JSONObject,
        mode: DecodeMode = .lenient
    ) -> (serviceClass: ServiceClassDefinition?, diagnostics: DiagnosticBag) {
        let context = DecodeContext(mode: mode)
        let loaded = decode(.serviceClass, name, spec, context)
        return (loaded?.serviceClass, context.diagnostics)
    }

    /// An MCP server from its `spec` as JSON; phrases of docs/mcp-servers.md.
    package static func decodeMCPServer(
        name: String,
        spec: JSONObject,
        mode: DecodeMode = .lenient
    ) -> (server: MCPServerDefinition?, diagnostics: DiagnosticBag) {
        let context = DecodeContext(mode: mode)
        let loaded = decode(.mcpServer, name, spec, context)
        return (loaded?.mcpServer, context.diagnostics)
    }

    private static func decode(
        _ kind: DefinitionKind,
        _ name: String,
        _ spec: JSONObject,
        _ context: DecodeContext
    ) -> LoadedDefinition? {
        let reader = EnvelopeReader(context: context, path: "<spec>")
        // The arguments of a tool carry the name beside the spec's fields.
        var members = spec
        members.removeValue(forKey: "name")
        return reader.readSpec(YAMLNode(json: .object(members)), kind: kind, name: Located(text: name), path: "")
    }
}

extension JSONObject {
    fileprivate func replacing(_ key: String, _ text: String?) -> JSONObject {
        guard let text else { return self }
        var copy = self
        copy[key] = .string(text)
        return copy
    }
}

extension Diagnostic {
    /// Place and message on one line.
    var line: String { range.map { "\($0.place): \(message)" } ?? message }
}

extension LoadedDefinition {
    static func unreadable(kind: DefinitionKind, name: String, path: String, errors: [String]) -> LoadedDefinition {
        LoadedDefinition(
            kind: kind,
            name: name,
            path: path,
            nameRange: nil,
            labels: [:],
            definition: nil,
            spec: JSONObject(),
            errors: errors,
            draft: nil
        )
    }

    mutating func invalidate(_ reasons: [String]) {
        definition = nil
        errors += reasons
    }
}
