import Diagnostics
import JSON
import WorkflowModel

/// Reads what of `auth` we act on; the rest is kept in the source. See docs/mcp-servers.md.
struct MCPAuthorizationReader {
    private static let fields = FieldNames(
        known: [
            "type", "token", "tokenFile", "tokenEnv", "tokenCommand", "clientId", "clientSecret", "clientSecretFile",
            "clientSecretEnv", "clientMetadataUrl", "scopes", "authorizationServer", "callbackPort",
        ],
        // Words of the reference for what a person's own token is exchanged with.
        ignored: ["forwardToken", "requiredAudiences", "tokenExchange"]
    )
    private static let serverFields = FieldNames(known: ["issuer", "scopes"])
    private static let types = ["oauth", "none", "bearer"]

    let context: DecodeContext

    /// Nil when nothing is said.
    func read(_ node: YAMLNode?, _ path: String) -> MCPServerDefinition.Authorization? {
        guard let node, node.entries != nil, let map = FieldMap(node, path, Self.fields, context) else { return nil }
        let type = type(map)
        if let token = token(map) {
            if type == "oauth" || type == "none" {
                let message = "\(path) of type \(type ?? "") has no place for a token"
                context.finding("WF0403", message, at: node.range, hint: "leave out the type or write bearer")
            }
            return token
        }
        if type == "bearer" {
            let message = "\(path) of type bearer needs token, tokenFile, tokenEnv or tokenCommand"
            context.error("WF0402", message, at: node.range)
        }
        if type == "none" { return .off }
        guard type == "oauth" || map.has("clientId") || map.has("authorizationServer") else { return nil }
        return .oauth(login(map))
    }

    private func type(_ map: FieldMap) -> String? {
        guard let type = map.located("type", context), !type.text.isEmpty else { return nil }
        if !Self.types.contains(type.text) {
            let message = "\(map.path(of: "type")) must be oauth, bearer or none"
            let hint = NearestWord.hint(type.text, in: Self.types)
            context.finding("WF0403", message, at: type.range, hint: hint)
        }
        return type.text
    }

    private func token(_ map: FieldMap) -> MCPServerDefinition.Authorization? {
        var found: [MCPServerDefinition.Authorization] = []
        if let token = map.string("token", context) { found.append(.token(token)) }
        if let file = map.string("tokenFile", context) { found.append(.tokenFile(file)) }
        if let variable = map.string("tokenEnv", context) { found.append(.tokenVariable(variable)) }
        let words = context.texts(map["tokenCommand"], map.path(of: "tokenCommand"))
        if !words.isEmpty { found.append(.tokenCommand(words)) }
        if found.count > 1 {
            let message = "\(map.path) may have one of token, tokenFile, tokenEnv and tokenCommand only"
            context.error("WF0403", message, at: map.node.range)
        }
        return found.first
    }

    private func login(_ map: FieldMap) -> MCPServerDefinition.Login {
        var login = MCPServerDefinition.Login()
        login.clientID = map.string("clientId", context)
        login.clientSecret = secret(map)
        login.clientDocument = document(map)
        login.callbackPort = port(map)
        login.scopes = scopes(map)
        if let node = map["authorizationServer"],
            let server = FieldMap(node, map.path(of: "authorizationServer"), Self.serverFields, context)
        {
            login.issuer = server.string("issuer", context)
            if login.scopes.isEmpty { login.scopes = scopes(server) }
        }
        if login.clientSecret != nil, login.clientID == nil {
            context.error("WF0402", "\(map.path(of: "clientId")) is required with a client secret", at: map.node.range)
        }
        return login
    }

    private func secret(_ map: FieldMap) -> MCPServerDefinition.Login.Secret? {
        var found: [MCPServerDefinition.Login.Secret] = []
        if let text = map.string("clientSecret", context) { found.append(.text(text)) }
        if let file = map.string("clientSecretFile", context) { found.append(.file(file)) }
        if let variable = map.string("clientSecretEnv", context) { found.append(.variable(variable)) }
        if found.count > 1 {
            let message = "\(map.path) may have one of clientSecret, clientSecretFile and clientSecretEnv only"
            context.error("WF0403", message, at: map.node.range)
        }
        return found.first
    }

    /// It has to have a path, so that no web site's own name becomes a client's.
    private func document(_ map: FieldMap) -> String? {
        guard let url = map.located("clientMetadataUrl", context), !url.text.isEmpty else { return nil }
        let rest = url.text.hasPrefix("https://") ? url.text.dropFirst(8).drop { $0 != "/" } : ""
        if rest.utf8.count < 2 {
            let message = "\(map.path(of: "clientMetadataUrl")) must be an https URL with a path"
            context.error("WF0403", message, at: url.range)
        }
        return url.text
    }

    private func port(_ map: FieldMap) -> Int? {
        guard let port = map.integer("callbackPort", context) else { return nil }
        guard (1...65535).contains(port) else {
            let message = "\(map.path(of: "callbackPort")) must be from 1 to 65535"
            context.error("WF0403", message, at: map["callbackPort"]?.range)
            return nil
        }
        return port
    }

    /// A list, or a text with spaces between the words.
    private func scopes(_ map: FieldMap) -> [String] {
        guard let node = map["scopes"] else { return [] }
        if let text = node.json.stringValue { return text.split(separator: " ").map(String.init) }
        return context.texts(node, map.path(of: "scopes"))
    }
}
