import Checksums
import Glibc
package import JSON
import Logging
import MCPProtocol
import MCPTransports
import Synchronization
import WorkflowModel

/// Logins of people to servers. See docs/mcp-servers.md.
extension ExternalServers {
    private static let lookPatience = Duration.seconds(5)

    static func server(
        _ definition: MCPServerDefinition,
        _ settings: Settings,
        _ now: @escaping @Sendable () -> Timestamp
    ) -> ExternalServer {
        ExternalServer(definition: definition, tokens: tokens(definition, settings, now))
    }

    private static func tokens(
        _ definition: MCPServerDefinition,
        _ settings: Settings,
        _ now: @escaping @Sendable () -> Timestamp
    ) -> (any AccessTokens)? {
        let url: String
        switch definition.transport {
        case .stdio: return nil
        case .streamableHTTP(let text), .sse(let text): url = text
        }
        switch definition.authorization {
        case .off: return nil
        case .token, .tokenFile, .tokenVariable, .tokenCommand:
            return definition.authorization.map { ConfiguredToken($0) }
        case .oauth, nil: break
        }
        var written = MCPServerDefinition.Login()
        if case .oauth(let login)? = definition.authorization { written = login }
        let login = ServerLogin.Settings(
            url: url,
            registration: ClientRegistration(
                clientID: written.clientID,
                clientSecret: written.clientSecret.flatMap { secret($0) },
                documentURL: written.clientDocument
            ),
            scopes: written.scopes,
            issuer: written.issuer,
            advice: "call core_auth_login with server '\(definition.name)'"
        )
        // Another URL under the same name gets nothing of what belongs to this one.
        let key = Hexadecimal.text(SHA2.sha256(Array("\(definition.name)\n\(url)".utf8)))
        let file = CredentialFile(path: settings.credentialFolder.map { "\($0)/\(key).json" })
        return ServerLogin(login, file) { now().microseconds / 1_000_000 }
    }

    /// Nil when there is none, which the authorization server then says.
    private static func secret(_ origin: MCPServerDefinition.Login.Secret) -> String? {
        switch origin {
        case .text(let text): text
        case .file(let path): try? ConfiguredToken.word(path: path)
        case .variable(let name): getenv(name).map { String(cString: $0) }
        }
    }

    /// Begins a login and gives the URL that a person has to open. When that has been done the server is connected.
    func logIn(_ name: String) async throws(AuthorizationFailure) -> String {
        guard let server = server(name), let login = server.login else {
            throw AuthorizationFailure(.noClient, "server '\(name)' has no logins")
        }
        let known = login.knownRedirectURI.flatMap { WebAddress($0)?.port }
        // A login that nobody finished makes place, and its port free.
        await endLogin(of: name)
        let fixed = server.definition.callbackPort
        let callback = try await LoginCallback.open(port: fixed ?? known ?? 0, isFixed: fixed != nil)
        logins.put(callback, name)
        let request: AuthorizationRequest
        do throws(AuthorizationFailure) {
            request = try await login.begin(redirectURI: callback.redirectURI)
        } catch {
            await close(callback, of: name)
            logins.settle()
            throw error
        }
        callback.expect(request)
        state.withLock { $0.servers[name]?.loginFailure = nil }
        keep(name) { [self] in
            await finish(login, callback, request, of: name)
            logins.settle()
        }
        return request.url
    }

    package var hasLogins: Bool { !logins.isEmpty }

    /// Returns when all logins that were begun have come to their end, and what follows from them is done.
    package func waitForLogins() async { await logins.wait() }

    private func finish(
        _ login: ServerLogin,
        _ callback: LoginCallback,
        _ request: AuthorizationRequest,
        of name: String
    ) async {
        let outcome = await callback.outcome(within: settings.loginPatience)
        // Somebody began another one or logged out, or the server is stopped.
        guard await close(callback, of: name), !Task.isCancelled else { return }
        do throws(AuthorizationFailure) {
            switch outcome {
            case .code(let code)?: try await login.finish(request, code: code)
            case .failed(let failure)?: throw failure
            case .foreign?, nil: throw AuthorizationFailure(.abandoned, "nobody logged in in time")
            }
        } catch {
            state.withLock { $0.servers[name]?.loginFailure = error.message }
            logger.warning("a login failed", metadata: ["server": "\(name)", "reason": "\(error.message)"])
            return
        }
        logger.notice("logged in", metadata: ["server": "\(name)", "issuer": "\(request.server.issuer)"])
        // Failures are kept in the server's state and logged. One that was on its way already had no token yet.
        _ = try? await start(name)
        if self.server(name)?.state == .authorizationRequired { _ = try? await start(name) }
    }

    /// Gives a login up and leaves the server waiting for another one.
    func logOut(_ name: String) async throws(AuthorizationFailure) -> ServerLogin.Logout {
        guard let server = server(name), let login = server.login else { return .notLoggedIn }
        await endLogin(of: name)
        let logout = try await login.logOut()
        guard logout != .notLoggedIn else { return logout }
        let error = MCPClientError(.authorizationRequired, "somebody logged out: call core_auth_login to log in again")
        fail(name, server.life.generation, ServerFailure(error))
        // It says how it wants to be logged in to, or that it wants nothing.
        await startSoon(name, patience: Self.lookPatience)
        return logout
    }

    private func endLogin(of name: String) async {
        let old = logins.take(name)
        await old?.close()
    }

    /// False when it was not the login under way any more.
    @discardableResult
    private func close(_ callback: LoginCallback, of name: String) async -> Bool {
        await callback.close()
        return logins.remove(callback, name)
    }

    /// The servers that a login would help, as `list_tools` shows them.
    package var serversRequiringLogin: [JSONObject] {
        let all = authorizationStatus["servers"]?.arrayValue ?? []
        return all.compactMap { entry in
            guard let entry = entry.objectValue, entry["auth_tool"] != nil else { return nil }
            return JSONObject(["name", "status", "auth_tool"].compactMap { key in entry[key].map { (key, $0) } })
        }
    }

    /// What `auth://status` says about the login to a server.
    func addLogin(of server: ExternalServer, to entry: inout JSONObject) {
        let name = server.definition.name
        guard let login = server.login else { return }
        let status = login.status
        if server.state == .authorizationRequired || status.awaitsStepUp { entry["auth_tool"] = "core_auth_login" }
        if logins.isPending(name) { entry["login_pending"] = true }
        entry["login_error"] = server.loginFailure.map { .string($0) }
        guard status.isLoggedIn else { return }
        entry["issuer"] = status.issuer.map { .string($0) }
        if !status.scopes.isEmpty { entry["scope"] = .string(status.scopes.joined(separator: " ")) }
        entry["expires_at"] = status.expiry.map { .string(Timestamp(microseconds: $0 * 1_000_000).rfc3339) }
    }
}

extension MCPServerDefinition {
    fileprivate var callbackPort: Int? {
        if case .oauth(let login)? = authorization { login.callbackPort } else { nil }
    }
}
