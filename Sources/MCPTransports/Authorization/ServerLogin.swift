import JSON
package import MCPProtocol
import Synchronization

/// The login of a person to one server: where its tokens come from after somebody has logged in, and how one does.
package final class ServerLogin: AccessTokens {
    package struct Settings: Sendable {
        package var url: String
        package var registration: ClientRegistration
        /// Asked for in addition to what the server names; empty for only that.
        package var scopes: [String]
        /// The only authorization server that is taken; nil for the one that the server names.
        package var issuer: String?
        /// How to log in, for people.
        package var advice: String
        /// Of one request to an authorization server.
        package var timeout = Duration.seconds(10)

        package init(
            url: String,
            registration: ClientRegistration = ClientRegistration(),
            scopes: [String] = [],
            issuer: String? = nil,
            advice: String
        ) {
            self.url = url
            self.registration = registration
            self.scopes = scopes
            self.issuer = issuer
            self.advice = advice
        }
    }

    /// What people may know of it.
    package struct Status: Hashable, Sendable {
        package var issuer: String?
        package var scopes: [String] = []
        /// Seconds since 1970.
        package var expiry: Int64?
        package var isLoggedIn = false
        /// Whether a request was refused that another login would allow.
        package var awaitsStepUp = false
    }

    private struct State: Sendable {
        var credentials: ServerCredentials
        var plan: ScopePlan
        /// The last one, which says where the metadata are.
        var challenge: AuthorizationChallenge?
        /// When the token was renewed last.
        var renewal: ContinuousClock.Instant?
    }

    /// A token that is younger than this is not renewed because of a refusal: calls that failed together share one
    /// renewal, and a server that refuses everything brings about few.
    private static let shortestLife = Duration.seconds(2)

    private let settings: Settings
    private let file: CredentialFile
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>
    private let renewing = SingleFlight<Result<String, AuthorizationFailure>>()

    /// - Parameter now: seconds since 1970.
    package init(_ settings: Settings, _ file: CredentialFile, now: @escaping @Sendable () -> Int64) {
        self.settings = settings
        self.file = file
        self.now = now
        let credentials = file.load()
        let plan = ScopePlan(configured: settings.scopes, requested: credentials.login?.scopes)
        state = Mutex(State(credentials: credentials, plan: plan))
    }

    package var status: Status {
        state.withLock { state in
            guard let login = state.credentials.login else { return Status() }
            return Status(
                issuer: login.issuer,
                scopes: login.grant.scopes ?? login.scopes,
                expiry: login.grant.expiry,
                isLoggedIn: true,
                awaitsStepUp: state.plan.awaitsStepUp
            )
        }
    }

    // MARK: Tokens

    package func current() async throws(MCPClientError) -> String? {
        guard let login = state.withLock({ $0.credentials.login }) else { return nil }
        if login.grant.isFresh(at: now()) { return login.grant.accessToken }
        // The server may take it still, and says so if it does not.
        guard login.grant.refreshToken != nil else { return login.grant.accessToken }
        do throws(MCPClientError) {
            return try await renew(login, isForced: false)
        } catch {
            // An authorization server that is away for a moment does no harm while the token lasts.
            guard error.code == .unreachable, let expiry = login.grant.expiry, now() < expiry else { throw error }
            return login.grant.accessToken
        }
    }

    package func renewed(after refusal: MCPClientError) async throws(MCPClientError) -> String? {
        let challenge = AuthorizationChallenge(refusal.challenges)
        if refusal.code == .forbidden { throw stepUp(challenge) }
        let login = state.withLock { state in
            if let challenge {
                state.challenge = challenge
                state.plan.challenge(challenge.scopes)
            }
            return state.credentials.login
        }
        guard let login else {
            if let token = tokenOfOtherProcess(besides: nil) { return token }
            throw loginNeeded("the server wants a login")
        }
        return try await renew(login, isForced: true)
    }

    private func stepUp(_ challenge: AuthorizationChallenge?) -> MCPClientError {
        let failure = state.withLock { state -> AuthorizationFailure? in
            do throws(AuthorizationFailure) {
                try state.plan.stepUp(challenge?.scopes)
                state.challenge = challenge ?? state.challenge
                return nil
            } catch {
                return error
            }
        }
        if let failure { return MCPClientError(.forbidden, failure.message, httpStatus: 403) }
        let scopes = (challenge?.scopes ?? []).joined(separator: " ")
        let text = "the login allows too little for this (wanted: \(AuthorizationFailure.shown(scopes))): "
        return MCPClientError(.forbidden, text + settings.advice, httpStatus: 403)
    }

    private func loginNeeded(_ reason: String) -> MCPClientError {
        MCPClientError(.authorizationRequired, "\(reason): \(settings.advice)", httpStatus: 401)
    }

    /// - Parameter isForced: the server refused the token, fresh or not.
    private func renew(_ seen: ServerCredentials.Login, isForced: Bool) async throws(MCPClientError) -> String {
        let result = await renewing.run { await renewal(seen, isForced: isForced) }
        switch result {
        case .success(let token): return token
        case .failure(let failure):
            switch failure.code {
            case .unreachable, .abandoned, .forbiddenAddress: throw MCPClientError(.unreachable, failure.message)
            default: throw loginNeeded("the login has ended (\(failure.message))")
            }
        }
    }

    private func renewal(
        _ seen: ServerCredentials.Login,
        isForced: Bool
    ) async -> Result<String, AuthorizationFailure> {
        let (login, isYoung) = state.withLock { state in
            (state.credentials.login, state.renewal.map { .now - $0 < Self.shortestLife } ?? false)
        }
        guard let login else { return .failure(AuthorizationFailure(.abandoned, "somebody logged out")) }
        // Somebody else was quicker.
        if login.grant.accessToken != seen.grant.accessToken || (isForced && isYoung) {
            return .success(login.grant.accessToken)
        }
        if let other = tokenOfOtherProcess(besides: login) { return .success(other) }
        guard let refreshToken = login.grant.refreshToken else {
            return .failure(AuthorizationFailure(.refused("invalid_token"), "its token is not taken any more"))
        }
        let request = TokenRequest(refreshToken: refreshToken, resource: login.resource, client: login.client)
        do throws(AuthorizationFailure) {
            let exchange = try makeExchange()
            let answer = try await exchange.post(
                request.body,
                fields: request.fields,
                to: login.tokenEndpoint,
                "the renewal of the login"
            )
            let grant = try AccessGrant(answer, now: now(), previous: login.grant)
            keep(grant, of: login)
            return .success(grant.accessToken)
        } catch {
            // Another process may have used the refresh token up.
            if let other = tokenOfOtherProcess(besides: login) { return .success(other) }
            if case .refused = error.code { drop(login) }
            return .failure(error)
        }
    }

    /// A newer token that another process of ours has got and kept; it may have logged in, too.
    private func tokenOfOtherProcess(besides login: ServerCredentials.Login?) -> String? {
        let kept = file.load()
        guard let other = kept.login, other.grant.isFresh(at: now()) else { return nil }
        if let login {
            guard other.grant.accessToken != login.grant.accessToken, other.issuer == login.issuer else { return nil }
        }
        state.withLock { state in
            // A mere renewal leaves a wish for more rights as it is.
            if state.credentials.login?.scopes != other.scopes { state.plan.loggedIn(other.scopes) }
            state.credentials = kept
        }
        return other.grant.accessToken
    }

    private func keep(_ grant: AccessGrant, of login: ServerCredentials.Login) {
        let credentials = state.withLock { state -> ServerCredentials? in
            // Logged out, or in anew, meanwhile.
            guard state.credentials.login == login else { return nil }
            state.credentials.login?.grant = grant
            state.renewal = .now
            return state.credentials
        }
        // What cannot be kept is good until the process ends.
        if let credentials { try? file.save(credentials) }
    }

    /// Forgets a login whose refresh token is not good any more.
    private func drop(_ login: ServerCredentials.Login) {
        let credentials = state.withLock { state -> ServerCredentials? in
            guard state.credentials.login == login else { return nil }
            state.credentials.login = nil
            return state.credentials
        }
        if let credentials { try? file.save(credentials) }
    }

    // MARK: Logging in and out

    /// The redirection of the registration that is there already, so that its port can be taken again.
    package var knownRedirectURI: String? {
        state.withLock { state in
            let issuer = settings.issuer ?? state.credentials.login?.issuer
            return issuer.flatMap { state.credentials.clients[$0]?.redirectURI }
                ?? (state.credentials.clients.count == 1 ? state.credentials.clients.first?.value.redirectURI : nil)
        }
    }

    /// Finds out where to log in, and makes what the browser is sent with.
    package func begin(redirectURI: String) async throws(AuthorizationFailure) -> AuthorizationRequest {
        guard let address = WebAddress(settings.url) else {
            throw AuthorizationFailure(.malformed, "'\(settings.url)' is no http or https URL")
        }
        let exchange = try makeExchange()
        let discovery = AuthorizationDiscovery(address, issuer: settings.issuer, exchange)
        let findings = try await discovery.run(state.withLock { $0.challenge })
        let server = findings.server
        try AuthorizationPolicy.checkPage(server.authorizationEndpoint)
        let scopes = state.withLock { state in
            var plan = state.plan
            if state.credentials.login?.issuer != server.issuer { plan.forgetRequests() }
            return plan.scopes(offered: findings.scopes, byAuthorizationServer: server.scopes)
        }
        let client = try await client(at: server, redirectURI, scopes, exchange)
        var generator = SystemRandomNumberGenerator()
        return AuthorizationRequest(
            server: server,
            client: client,
            redirectURI: redirectURI,
            scopes: scopes,
            resource: findings.resource,
            entropy: (0..<AuthorizationRequest.entropySize).map { _ in .random(in: .min ... .max, using: &generator) }
        )
    }

    private func client(
        at server: AuthorizationServer,
        _ redirectURI: String,
        _ scopes: [String],
        _ exchange: AuthorizationExchange
    ) async throws(AuthorizationFailure) -> RegisteredClient {
        let issuer = server.issuer
        try pin(issuer)
        let choice = try settings.registration.choice(
            at: server,
            known: state.withLock { $0.credentials.clients[issuer] },
            redirectURI: redirectURI,
            scopes: scopes,
            now: now()
        )
        switch choice {
        case .use(let client): return client
        case .register(let endpoint, let document):
            let fields = [HTTPField("Content-Type", "application/json"), HTTPField("Accept", "application/json")]
            let answer = try await exchange.post(document.text(), fields: fields, to: endpoint, "the registration")
            let client = try ClientRegistration.registered(answer, at: server, redirectURI: redirectURI)
            let credentials = state.withLock { state in
                state.credentials.keep(client, of: issuer)
                return state.credentials
            }
            try file.save(credentials)
            return client
        }
    }

    /// A client id of the definition belongs to one authorization server: without a word about which, to the first.
    private func pin(_ issuer: String) throws(AuthorizationFailure) {
        guard settings.registration.clientID != nil, settings.issuer == nil else { return }
        let (first, credentials) = state.withLock { state in
            let first = state.credentials.firstIssuer ?? issuer
            state.credentials.firstIssuer = first
            return (first, state.credentials)
        }
        guard first == issuer else {
            throw AuthorizationFailure(
                .mismatch,
                "the server names another authorization server (\(AuthorizationFailure.shown(issuer))) than before "
                    + "(\(AuthorizationFailure.shown(first))): write the right one into auth.authorizationServer.issuer"
            )
        }
        try file.save(credentials)
    }

    /// Gives the code for a token and keeps it.
    package func finish(_ request: AuthorizationRequest, code: String) async throws(AuthorizationFailure) {
        let form = TokenRequest(code: code, request)
        let answer = try await makeExchange().post(
            form.body,
            fields: form.fields,
            to: request.server.tokenEndpoint,
            "the login"
        )
        let grant = try AccessGrant(answer, now: now())
        let credentials = state.withLock { state in
            state.credentials.login = ServerCredentials.Login(
                issuer: request.server.issuer,
                tokenEndpoint: request.server.tokenEndpoint,
                revocationEndpoint: request.server.revocationEndpoint,
                resource: request.resource,
                client: request.client,
                scopes: request.scopes,
                grant: grant
            )
            state.plan.loggedIn(request.scopes)
            state.renewal = nil
            return state.credentials
        }
        try file.save(credentials)
    }

    /// What became of a login that was given up.
    package enum Logout: Hashable, Sendable {
        /// There was none.
        case notLoggedIn
        /// Its tokens are void, or the authorization server has no way to make them so.
        case ended
        /// We have forgotten it, but its tokens could not be made void; why.
        case forgotten(String)
    }

    /// Forgets the login, not the registration, and makes its tokens void where that can be done.
    package func logOut() async throws(AuthorizationFailure) -> Logout {
        let (credentials, ended) = state.withLock { state in
            defer { state.credentials.login = nil }
            if state.credentials.login != nil { state.plan.loggedOut() }
            var rest = state.credentials
            rest.login = nil
            return (rest, state.credentials.login)
        }
        guard let ended else { return .notLoggedIn }
        try file.save(credentials)
        do throws(AuthorizationFailure) {
            try await revoke(ended)
            return .ended
        } catch {
            return .forgotten(error.message)
        }
    }

    /// The refresh token first: with it others could be had.
    private func revoke(_ login: ServerCredentials.Login) async throws(AuthorizationFailure) {
        guard let endpoint = login.revocationEndpoint else { return }
        let exchange = try makeExchange()
        for (token, isRefreshToken) in [(login.grant.refreshToken, true), (login.grant.accessToken, false)] {
            guard let token else { continue }
            let form = TokenRequest(revoking: token, isRefreshToken: isRefreshToken, client: login.client)
            let what = "the revocation of a token"
            _ = try await exchange.post(form.body, fields: form.fields, to: endpoint, what, wantsAnswer: false)
        }
    }

    private func makeExchange() throws(AuthorizationFailure) -> AuthorizationExchange {
        guard let address = WebAddress(settings.url) else {
            throw AuthorizationFailure(.malformed, "'\(settings.url)' is no http or https URL")
        }
        let issuer = settings.issuer.flatMap { WebAddress($0) }
        return AuthorizationExchange(AuthorizationPolicy(server: address, issuer: issuer), timeout: settings.timeout)
    }
}
