import Diagnostics
import JSON

/// Reads `config.yaml`.
struct SettingsReader {
    private static let rootFields = FieldNames(
        known: ["aggregator", "namespace", "kubernetes", "durability"],
        ignored: ["events", "logging"]
    )
    private static let aggregatorFields = FieldNames(
        known: ["port", "host", "transport", "musterPrefix", "toolExposure", "admin", "oauth"],
        ignored: ["enabled"]
    )
    private static let adminFields = FieldNames(known: ["enabled", "port", "bindAddress"])

    let context = DecodeContext(mode: .lenient)

    /// The settings of a file; defaults stand for what is missing or wrong. An empty file is fine.
    static func read(_ file: SourceFile) -> (settings: ServerSettings, diagnostics: DiagnosticBag) {
        let (documents, syntax) = YAMLReader.documents(in: file)
        let reader = SettingsReader()
        var settings = ServerSettings()
        if let document = documents.first, !document.isNull { reader.read(document, into: &settings) }
        var diagnostics = syntax
        diagnostics.append(contentsOf: reader.context.diagnostics)
        return (settings, diagnostics)
    }

    private func read(_ document: YAMLNode, into settings: inout ServerSettings) {
        guard let root = FieldMap(document, "", Self.rootFields, context) else { return }
        if root.bool("kubernetes", context) == true {
            let message = "kubernetes: true is not supported: definitions are read from files only"
            context.error("WF0502", message, at: root["kubernetes"]?.range, hint: "remove the line or write false")
        }
        settings.namespace = root.string("namespace", context) ?? settings.namespace
        settings.durability = word(root, "durability") ?? settings.durability
        guard let node = root["aggregator"],
            let map = FieldMap(node, "aggregator", Self.aggregatorFields, context)
        else { return }
        settings.port = port(map) ?? settings.port
        settings.host = map.string("host", context) ?? settings.host
        settings.transport = word(map, "transport") ?? settings.transport
        settings.toolExposure = word(map, "toolExposure") ?? settings.toolExposure
        settings.musterPrefix = map.string("musterPrefix", context) ?? settings.musterPrefix
        if let oauth = map["oauth"], oauth["enabled"]?.json != .bool(false) {
            context.warning("WF0503", "aggregator.oauth is not supported yet and is ignored", at: map.keyRange("oauth"))
        }
        readAdmin(map, into: &settings)
    }

    private func readAdmin(_ map: FieldMap, into settings: inout ServerSettings) {
        guard let node = map["admin"],
            let admin = FieldMap(node, map.path(of: "admin"), Self.adminFields, context)
        else { return }
        settings.admin.isEnabled = admin.bool("enabled", context) ?? settings.admin.isEnabled
        settings.admin.port = port(admin) ?? settings.admin.port
        settings.admin.bindAddress = admin.string("bindAddress", context) ?? settings.admin.bindAddress
    }

    private func port(_ map: FieldMap) -> Int? {
        guard let port = map.integer("port", context) else { return nil }
        if (0...65535).contains(port) { return port }
        context.error("WF0501", "\(map.path(of: "port")) must be from 0 to 65535", at: map["port"]?.range)
        return nil
    }

    private func word<Word: RawRepresentable & CaseIterable>(_ map: FieldMap, _ name: String) -> Word?
    where Word.RawValue == String {
        guard let text = map.string(name, context) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let hint = NearestWord.hint(text, in: words)
        let message = "\(map.path(of: name)): '\(text)' is none of \(words.joined(separator: ", "))"
        context.error("WF0501", message, at: map[name]?.range, hint: hint)
        return nil
    }
}
