import Diagnostics
import JSON
import WorkflowModel

/// Reads the `spec` of an MCP server. See docs/mcp-servers.md.
struct MCPServerReader {
    private static let fields = FieldNames(
        known: [
            "type", "command", "args", "env", "url", "headers", "timeout", "autoStart", "toolPrefix", "family",
            "description", "auth", "protocol", "maxConcurrentCalls",
        ],
        ignored: ["version"]
    )
    private static let familyFields = FieldNames(known: ["name", "instanceArg"])
    private static let types = ["stdio", "streamable-http", "sse", "localCommand"]

    let context: DecodeContext

    func read(_ spec: YAMLNode, path: String, name: String) -> MCPServerDefinition? {
        guard let map = FieldMap(spec, path, Self.fields, context) else { return nil }
        checkAuth(map)
        guard let transport = transport(map) else { return nil }
        var definition = MCPServerDefinition(name: name, transport: transport)
        definition.description = map.string("description", context) ?? ""
        context.checkLength(definition.description, 500, "description", at: map["description"]?.range)
        definition.environment = context.textMap(map["env"], map.path(of: "env"))
        definition.headers = context.textMap(map["headers"], map.path(of: "headers"))
        definition.timeoutSeconds = timeout(map)
        definition.startsAutomatically = map.bool("autoStart", context) ?? false
        definition.toolPrefix = toolPrefix(map)
        definition.family = family(map)
        definition.authorization = MCPAuthorizationReader(context: context).read(map["auth"], map.path(of: "auth"))
        definition.protocolEra = protocolEra(map)
        definition.callLimit = callLimit(map)
        definition.source = spec.json.objectValue ?? JSONObject()
        return definition
    }

    private func transport(_ map: FieldMap) -> MCPServerDefinition.Transport? {
        guard let type = map.located("type", context), !type.text.isEmpty else {
            if map["type"] == nil || map["type"]?.json == .string("") {
                context.error("WF0402", "type is required", at: map["type"]?.range ?? map.node.range?.beginning)
            }
            return nil
        }
        switch type.text {
        case "stdio", "localCommand": return stdio(map, type: type.text)
        case "streamable-http", "sse":
            guard let url = map.located("url", context), !url.text.isEmpty else {
                let message = "url is required for streamable-http and sse types"
                context.error("WF0402", message, at: map["url"]?.range ?? type.range)
                return nil
            }
            if !url.text.hasPrefix("http://"), !url.text.hasPrefix("https://"), !url.text.contains("{{") {
                context.error("WF0403", "url must start with http:// or https://", at: url.range)
            }
            return type.text == "sse" ? .sse(url: url.text) : .streamableHTTP(url: url.text)
        default:
            let message = "unsupported MCP server type: \(type.text) (supported: stdio, streamable-http, sse)"
            let hint = NearestWord.hint(type.text, in: Self.types)
            context.error("WF0401", message, at: type.range, hint: hint)
            return nil
        }
    }

    /// The command is a text, or a list of the executable and its first arguments.
    private func stdio(_ map: FieldMap, type: String) -> MCPServerDefinition.Transport? {
        let written = map["command"]
        var words: [String] = []
        if written?.elements != nil {
            words = context.texts(written, map.path(of: "command"))
        } else if let command = map.string("command", context), !command.isEmpty {
            words = [command]
        }
        guard let executable = words.first, !executable.isEmpty else {
            let range = written?.range ?? map["type"]?.range
            context.error("WF0402", "command is required for \(type) type", at: range)
            return nil
        }
        let arguments = Array(words.dropFirst()) + context.texts(map["args"], map.path(of: "args"))
        return .stdio(command: executable, arguments: arguments, spelledLocalCommand: type == "localCommand")
    }

    private func timeout(_ map: FieldMap) -> Int? {
        guard let seconds = map.integer("timeout", context) else { return nil }
        if seconds < 1 || seconds > 300 {
            let message = "\(map.path(of: "timeout")) must be from 1 to 300 seconds"
            context.finding("WF0403", message, at: map["timeout"]?.range)
        }
        return min(max(seconds, 1), 300)
    }

    private func toolPrefix(_ map: FieldMap) -> String? {
        guard let prefix = map.located("toolPrefix", context), let first = prefix.text.utf8.first else { return nil }
        func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
        let isValid =
            isLetter(first)
            && prefix.text.utf8.allSatisfy { isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F || $0 == 0x2D }
        if !isValid {
            let message =
                "\(map.path(of: "toolPrefix")) must start with a letter and contain only letters, digits, '_' and '-'"
            context.error("WF0403", message, at: prefix.range)
        }
        return prefix.text
    }

    private func family(_ map: FieldMap) -> MCPServerDefinition.Family? {
        guard let node = map["family"], let family = FieldMap(node, map.path(of: "family"), Self.familyFields, context)
        else { return nil }
        let values = Self.familyFields.known.map { field -> String in
            let value = family.string(field, context) ?? ""
            if value.isEmpty { context.error("WF0402", "\(family.path(of: field)) is required", at: node.range) }
            return value
        }
        guard values.count == 2, values.allSatisfy({ !$0.isEmpty }) else { return nil }
        return MCPServerDefinition.Family(name: values[0], instanceArgument: values[1])
    }

    private func protocolEra(_ map: FieldMap) -> MCPServerDefinition.ProtocolEra {
        guard let written = map.located("protocol", context), !written.text.isEmpty else { return .auto }
        if let era = MCPServerDefinition.ProtocolEra(rawValue: written.text) { return era }
        context.error("WF0403", "\(map.path(of: "protocol")) must be auto, modern or legacy", at: written.range)
        return .auto
    }

    private func callLimit(_ map: FieldMap) -> Int? {
        guard let count = map.integer("maxConcurrentCalls", context) else { return nil }
        if count < 1 || count > 1000 {
            let message = "\(map.path(of: "maxConcurrentCalls")) must be from 1 to 1000"
            context.finding("WF0403", message, at: map["maxConcurrentCalls"]?.range)
        }
        return min(max(count, 1), 1000)
    }

    private func checkAuth(_ map: FieldMap) {
        guard let auth = map["auth"] else { return }
        if auth.entries == nil { context.wrongType(auth, map.path(of: "auth"), expected: "map") }
        let type = map["type"]?.json.stringValue
        if type == "stdio" || type == "localCommand" {
            let message = "auth configuration is only supported for remote server types (streamable-http, sse)"
            context.error("WF0404", message, at: map.keyRange("auth"))
        }
    }
}
