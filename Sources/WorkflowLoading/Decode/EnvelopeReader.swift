import Diagnostics
import JSON
import WorkflowModel

/// Reads one document: the envelope with `apiVersion`, `kind`, `metadata` and `spec`, or a flat spec.
struct EnvelopeReader {
    private static let envelope = FieldNames(
        known: ["apiVersion", "kind", "metadata", "spec"],
        ignored: ["status"]
    )
    private static let metadata = FieldNames(
        known: ["name", "namespace", "labels"],
        ignored: [
            "annotations", "creationTimestamp", "uid", "resourceVersion", "generation", "managedFields", "finalizers",
            "ownerReferences",
        ]
    )
    /// What a flat file has beside the fields of its spec.
    private static let flatFields: Set<String> = ["name", "apiVersion", "kind", "metadata", "namespace", "status"]
    private static let group = "muster.giantswarm.io/"

    let context: DecodeContext
    /// How the file is called.
    let path: String

    /// Nil only when not even the kind is known.
    func read(_ document: YAMLNode, kind folderKind: DefinitionKind?, defaultName: String?) -> LoadedDefinition? {
        guard document.entries != nil else {
            context.wrongType(document, "document", expected: "map")
            return folderKind.map { unreadable($0, name: defaultName ?? "") }
        }
        let kind = self.kind(document["kind"], folderKind)
        checkVersion(document["apiVersion"])
        guard let kind else { return nil }
        let isEnvelope = document["spec"] != nil
        if isEnvelope { _ = FieldMap(document, "", Self.envelope, context) }
        let metadata = document["metadata"].flatMap {
            $0.isNull ? nil : FieldMap($0, "metadata", Self.metadata, context)
        }
        let flatName = isEnvelope ? nil : context.located(document["name"], "name")
        let written = metadata?.located("name", context) ?? flatName
        let name = written.flatMap { $0.text.isEmpty ? nil : $0 } ?? Located(text: defaultName ?? "", range: nil)
        let labels = context.textMap(metadata?["labels"], "metadata.labels")
        let spec = document["spec"] ?? Self.flatSpec(document)
        return readSpec(
            spec.isNull ? YAMLNode(.mapping([]), range: spec.range) : spec,
            kind: kind,
            name: name,
            path: isEnvelope ? "spec" : "",
            labels: labels,
            place: document.range?.beginning
        )
    }

    /// - Parameter path: of the spec inside the document; empty for a flat file and for JSON.
    func readSpec(
        _ spec: YAMLNode,
        kind: DefinitionKind,
        name: Located,
        path specPath: String,
        labels: [String: String] = [:],
        place: SourceRange? = nil
    ) -> LoadedDefinition {
        checkName(name, kind, place)
        var loaded = unreadable(kind, name: name.text)
        loaded.nameRange = name.range
        loaded.labels = labels
        loaded.spec = spec.json.objectValue ?? JSONObject()
        var definition: Definition?
        switch kind {
        case .workflow:
            let reader = WorkflowDraftReader(context: context)
            loaded.draft = reader.read(spec, path: specPath, name: name)
            loaded.draft?.labels = labels
            if let draft = loaded.draft {
                WorkflowPasses.check(draft, context)
                definition = WorkflowDefinition(draft).map(Definition.workflow)
            }
        case .serviceClass:
            let reader = ServiceClassReader(context: context)
            definition = reader.read(spec, path: specPath, name: name.text).map(Definition.serviceClass)
        case .mcpServer:
            let reader = MCPServerReader(context: context)
            definition = reader.read(spec, path: specPath, name: name.text).map(Definition.mcpServer)
        }
        loaded.definition = context.diagnostics.hasErrors ? nil : definition
        loaded.errors = context.diagnostics.sorted.filter { $0.severity == .error }.map(\.line)
        return loaded
    }

    private static func flatSpec(_ document: YAMLNode) -> YAMLNode {
        let entries = (document.entries ?? []).filter { !flatFields.contains($0.key) }
        return YAMLNode(.mapping(entries), range: document.range)
    }

    private func unreadable(_ kind: DefinitionKind, name: String) -> LoadedDefinition {
        let errors = context.diagnostics.errors.map(\.line)
        return .unreadable(kind: kind, name: name, path: path, errors: errors)
    }

    private func kind(_ node: YAMLNode?, _ folderKind: DefinitionKind?) -> DefinitionKind? {
        guard let word = context.located(node, "kind") else {
            if folderKind == nil { context.error("WF0109", "kind is required", at: node?.range) }
            return folderKind
        }
        let words = DefinitionKind.allCases.map(\.rawValue)
        guard let kind = DefinitionKind(rawValue: word.text) else {
            let hint = NearestWord.hint(word.text, in: words) ?? "kinds are \(words.joined(separator: ", "))"
            context.error("WF0109", "unknown kind '\(word.text)'", at: word.range, hint: hint)
            return folderKind
        }
        if let folderKind, folderKind != kind {
            let message = "a \(kind.rawValue) does not belong into the folder \(folderKind.folderName)"
            context.error("WF0109", message, at: word.range, hint: "move it to \(kind.folderName)/")
            return folderKind
        }
        return kind
    }

    private func checkVersion(_ node: YAMLNode?) {
        guard let version = context.located(node, "apiVersion"), !version.text.hasPrefix(Self.group) else { return }
        let message = "apiVersion '\(version.text)' is not known and is read as \(Self.group)v1alpha1"
        context.warning("WF0109", message, at: version.range)
    }

    private func checkName(_ name: Located, _ kind: DefinitionKind, _ place: SourceRange?) {
        if name.text.isEmpty {
            let phrase = kind == .workflow ? "name argument is required" : "name is required"
            context.error("WF0114", phrase, at: place)
        } else if !Self.isName(name.text) {
            let message =
                "the name '\(name.text.prefix(80))' may only contain letters, digits, '-', '_' and '.', must not"
                + " start with '.' and must not be longer than 253 characters"
            context.error("WF0114", message, at: name.range ?? place)
        }
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy(isNameByte) && !text.hasPrefix(".") && text.utf8.count <= 253
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}
