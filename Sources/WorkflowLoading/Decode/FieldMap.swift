import Diagnostics
import JSON

/// What the fields of one kind of map are called.
struct FieldNames {
    var known: [String]
    /// Words of the language that this version does not carry out; meeting one is an error.
    var unsupported: [String] = []
    /// Words without effect that are not worth a warning.
    var ignored: [String] = []

    var all: [String] { known + unsupported + ignored }
}

/// The members of a map by their camelCase names, whichever spelling the file uses.
struct FieldMap {
    /// Where the map stands, e.g. `spec.steps[0]`; empty at the top.
    let path: String
    let node: YAMLNode
    private var fields: [String: YAMLEntry] = [:]

    /// Reports unknown, unsupported and contradicting fields; nil (with a finding) when the node is no map.
    init?(_ node: YAMLNode, _ path: String, _ names: FieldNames, _ context: DecodeContext) {
        self.path = path
        self.node = node
        guard let entries = node.entries else {
            context.wrongType(node, path.isEmpty ? "document" : path, expected: "map")
            return nil
        }
        for entry in entries {
            let name = Self.camelCase(entry.key)
            if names.unsupported.contains(name) {
                if !entry.value.isNull {
                    context.error("WF0110", "\(self.path(of: name)) is not supported yet", at: entry.keyRange)
                }
            } else if names.known.contains(name) || names.ignored.contains(name) {
                add(entry, as: name, context)
            } else {
                let place = path.isEmpty ? "" : " in \(path)"
                let hint = context.hint(entry.key, in: names.all)
                context.warning(
                    "WF0105",
                    "unknown field '\(entry.key)'\(place) is ignored",
                    at: entry.keyRange,
                    hint: hint
                )
            }
        }
    }

    private mutating func add(_ entry: YAMLEntry, as name: String, _ context: DecodeContext) {
        if let first = fields[name], first.value.json != entry.value.json {
            let message = "'\(first.key)' and '\(entry.key)' are the same field and have different values"
            context.error("WF0106", message, at: entry.keyRange, hint: "keep '\(name)'")
            return
        }
        fields[name] = entry
    }

    /// The value of a field; nil when it is absent or null.
    subscript(name: String) -> YAMLNode? {
        guard let value = fields[name]?.value, !value.isNull else { return nil }
        return value
    }

    /// The value of a field; nil only when it is absent.
    func valueOrNull(_ name: String) -> YAMLNode? { fields[name]?.value }

    func has(_ name: String) -> Bool { fields[name] != nil }

    func keyRange(_ name: String) -> SourceRange? { fields[name]?.keyRange }

    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// `allow_failure` → `allowFailure`; other texts stay as they are.
    static func camelCase(_ key: String) -> String {
        guard key.contains("_"), !key.hasPrefix("_") else { return key }
        let parts = key.split(separator: "_", omittingEmptySubsequences: true)
        guard let first = parts.first else { return key }
        return first + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

extension FieldMap {
    func string(_ name: String, _ context: DecodeContext) -> String? { context.string(self[name], path(of: name)) }
    func located(_ name: String, _ context: DecodeContext) -> Located? { context.located(self[name], path(of: name)) }
    func text(_ name: String, _ context: DecodeContext) -> String? { context.text(self[name], path(of: name)) }
    func bool(_ name: String, _ context: DecodeContext) -> Bool? { context.bool(self[name], path(of: name)) }
    func integer(_ name: String, _ context: DecodeContext) -> Int? { context.integer(self[name], path(of: name)) }
    func duration(_ name: String, _ context: DecodeContext) -> Duration? {
        context.duration(self[name], path(of: name))
    }
    func object(_ name: String, _ context: DecodeContext) -> JSONObject? { context.object(self[name], path(of: name)) }
    func list(_ name: String, _ context: DecodeContext) -> [YAMLNode]? { context.list(self[name], path(of: name)) }
}
