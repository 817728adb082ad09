package import JSON

/// What is kept of the logins to one server. All of it belongs to the authorization server that it came from.
package struct ServerCredentials: Hashable, Sendable, CustomStringConvertible {
    /// A token with all that is needed to renew it.
    package struct Login: Hashable, Sendable, CustomStringConvertible {
        package var issuer: String
        package var tokenEndpoint: String
        package var revocationEndpoint: String?
        package var resource: String
        package var client: RegisteredClient
        /// What was asked for.
        package var scopes: [String]
        package var grant: AccessGrant

        package init(
            issuer: String,
            tokenEndpoint: String,
            revocationEndpoint: String? = nil,
            resource: String,
            client: RegisteredClient,
            scopes: [String],
            grant: AccessGrant
        ) {
            self.issuer = issuer
            self.tokenEndpoint = tokenEndpoint
            self.revocationEndpoint = revocationEndpoint
            self.resource = resource
            self.client = client
            self.scopes = scopes
            self.grant = grant
        }

        package var description: String { "login at \(issuer)" }
    }

    package var login: Login?
    /// Our registrations, by issuer.
    package var clients: [String: RegisteredClient] = [:]
    /// The first authorization server that a client id of the definition was shown to. No other one gets it.
    package var firstIssuer: String?

    package static let clientLimit = 16
    private static let version: Int64 = 1

    package init() {}

    package var description: String { "credentials" }

    /// Keeps a registration; the oldest issuers are not known, so others go when there are too many.
    package mutating func keep(_ client: RegisteredClient, of issuer: String) {
        if clients.count >= Self.clientLimit, clients[issuer] == nil {
            clients = clients.filter { $0.key == login?.issuer }
        }
        clients[issuer] = client
    }

    package var json: JSONObject {
        var object: JSONObject = ["version": .integer(Self.version)]
        object["firstIssuer"] = firstIssuer.map { .string($0) }
        if let login { object["login"] = .object(Self.json(login)) }
        let sorted = clients.sorted { $0.key < $1.key }
        object["clients"] = .object(JSONObject(sorted.map { ($0.key, .object(Self.json($0.value))) }))
        return object
    }

    /// Nil when it is nothing that ``json`` writes.
    package init?(_ object: JSONObject) {
        guard object["version"]?.integerValue == Self.version else { return nil }
        firstIssuer = object["firstIssuer"]?.stringValue
        for (issuer, value) in object["clients"]?.objectValue ?? [:] {
            guard let client = Self.client(value) else { return nil }
            clients[issuer] = client
        }
        guard let login = object["login"] else { return }
        guard let read = Self.login(login) else { return nil }
        self.login = read
    }

    private static func json(_ client: RegisteredClient) -> JSONObject {
        var object: JSONObject = [
            "id": .string(client.id), "method": .string(client.method.rawValue),
            "origin": .string(client.origin.rawValue),
        ]
        object["secret"] = client.secret.map { .string($0) }
        object["redirectURI"] = client.redirectURI.map { .string($0) }
        object["secretExpiry"] = client.secretExpiry.map { .integer($0) }
        return object
    }

    private static func client(_ value: JSONValue?) -> RegisteredClient? {
        guard let id = value?["id"]?.stringValue,
            let method = value?["method"]?.stringValue.flatMap({ RegisteredClient.Method(rawValue: $0) }),
            let origin = value?["origin"]?.stringValue.flatMap({ RegisteredClient.Origin(rawValue: $0) })
        else { return nil }
        return RegisteredClient(
            id: id,
            secret: value?["secret"]?.stringValue,
            method: method,
            origin: origin,
            redirectURI: value?["redirectURI"]?.stringValue,
            secretExpiry: value?["secretExpiry"]?.integerValue
        )
    }

    private static func json(_ login: Login) -> JSONObject {
        func texts(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }
        var object: JSONObject = [
            "issuer": .string(login.issuer), "tokenEndpoint": .string(login.tokenEndpoint),
            "resource": .string(login.resource), "client": .object(json(login.client)), "scopes": texts(login.scopes),
            "accessToken": .string(login.grant.accessToken), "issued": .integer(login.grant.issued),
        ]
        object["revocationEndpoint"] = login.revocationEndpoint.map { .string($0) }
        object["refreshToken"] = login.grant.refreshToken.map { .string($0) }
        object["expiry"] = login.grant.expiry.map { .integer($0) }
        object["granted"] = login.grant.scopes.map { texts($0) }
        return object
    }

    private static func login(_ value: JSONValue) -> Login? {
        guard let issuer = value["issuer"]?.stringValue, let endpoint = value["tokenEndpoint"]?.stringValue,
            let resource = value["resource"]?.stringValue, let client = client(value["client"]),
            let token = value["accessToken"]?.stringValue, let issued = value["issued"]?.integerValue
        else { return nil }
        func texts(_ name: String) -> [String]? { value[name]?.arrayValue?.compactMap(\.stringValue) }
        let grant = AccessGrant(
            accessToken: token,
            refreshToken: value["refreshToken"]?.stringValue,
            issued: issued,
            expiry: value["expiry"]?.integerValue,
            scopes: texts("granted")
        )
        return Login(
            issuer: issuer,
            tokenEndpoint: endpoint,
            revocationEndpoint: value["revocationEndpoint"]?.stringValue,
            resource: resource,
            client: client,
            scopes: texts("scopes") ?? [],
            grant: grant
        )
    }
}
