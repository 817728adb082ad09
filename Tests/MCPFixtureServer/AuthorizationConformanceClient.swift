import Glibc
import JSON
import Logging
import MCPProtocol
import MCPTransports

/// Our client as the official conformance suite tests it in its scenarios `auth/*`: it lists and calls tools, and logs in
/// whenever it is told to, playing the person with the browser too. Ends with 1 when something fails.
///
/// - Source: `@modelcontextprotocol/conformance`, client scenarios.
struct AuthorizationConformanceClient {
    /// What the suite expects as the URL of a document about us.
    private static let document = "https://conformance-test.local/client-metadata.json"
    private static let redirectURI = "http://127.0.0.1:3000/callback"
    /// Logins in a row; muster itself makes none without a person.
    private static let loginLimit = 3

    let url: String
    let context: JSONValue
    let version: String?

    init(url: String) {
        self.url = url
        let text = getenv("MCP_CONFORMANCE_CONTEXT").map { String(cString: $0) } ?? "{}"
        context = (try? JSONValue(parsing: text)) ?? [:]
        version = getenv("MCP_CONFORMANCE_PROTOCOL_VERSION").map { String(cString: $0) }
    }

    func run(_ logger: Logger) async -> Int32 {
        var settings = ServerLogin.Settings(url: url, advice: "log in")
        settings.registration = ClientRegistration(
            clientID: context["client_id"]?.stringValue,
            clientSecret: context["client_secret"]?.stringValue,
            documentURL: Self.document
        )
        let login = ServerLogin(settings, CredentialFile(path: nil)) { Int64(time(nil)) }
        do {
            let client = try await loggingIn(login) { try await connect(login, logger) }
            let tools = try await loggingIn(login) { try await client.listTools() }
            for tool in tools {
                guard let name = tool["name"]?.stringValue else { continue }
                _ = try await loggingIn(login) { try await client.callTool(name, arguments: [:]) }
            }
            await client.close()
            return 0
        } catch {
            logger.error("\(error)")
            return 1
        }
    }

    private func connect(_ login: ServerLogin, _ logger: Logger) async throws -> MCPClient {
        var definition = MCPClient.Definition(.streamableHTTP(HTTPEndpoint(url: url, tokens: login)))
        if let version { definition.mode = MCPVersion(version).isLegacy ? .legacy : .modern }
        return try await MCPClient.start(definition, logger: logger)
    }

    private func loggingIn<Value>(_ login: ServerLogin, _ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<Self.loginLimit {
            do {
                return try await body()
            } catch let error as MCPClientError {
                let helps =
                    error.code == .authorizationRequired || (error.code == .forbidden && login.status.awaitsStepUp)
                guard helps else { throw error }
            }
            let request = try await login.begin(redirectURI: Self.redirectURI)
            switch request.outcome(try await visit(request.url)) {
            case .code(let code): try await login.finish(request, code: code)
            case .failed(let failure): throw failure
            case .foreign: throw AuthorizationFailure(.mismatch, "the answer belongs to another login")
            }
        }
        return try await body()
    }

    /// Where the page for logins sends the browser back to.
    private func visit(_ url: String) async throws -> String {
        guard let address = WebAddress(url) else { return "" }
        let response = try await HTTPClientRequest("GET", address).fetch(limit: 1 << 20).get()
        return response.head["location"].flatMap { address.resolving($0) }?.query ?? ""
    }
}
