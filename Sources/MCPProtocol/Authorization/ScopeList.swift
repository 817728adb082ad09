/// Scopes: words with spaces between them. Source: RFC 6749, section 3.3.
package enum ScopeList {
    /// Words in their order, each once.
    package static func words(_ text: String) -> [String] {
        unique(text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init))
    }

    package static func union(_ first: [String], _ second: [String]) -> [String] { unique(first + second) }

    private static func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }
}

/// Which scopes are asked for, and how often more of them may be.
///
/// - Source: MCP 2026-07-28, "Scope Selection Strategy" and "Step-Up Authorization Flow".
package struct ScopePlan: Hashable, Sendable {
    /// Logins for more rights until somebody logs out.
    package static let stepUpLimit = 3
    private static let offline = "offline_access"

    /// What the definition says; empty for whatever the server names.
    package var configured: [String]
    /// What the server named for a request that it refused.
    package private(set) var challenged: [String]?
    /// What was asked for at the last login; nil before it.
    package private(set) var requested: [String]?
    private var stepUps = 0

    package init(configured: [String], requested: [String]? = nil) {
        self.configured = configured
        self.requested = requested
    }

    /// Whether a login would bring rights that a request was refused for.
    package var awaitsStepUp: Bool { requested != nil && challenged != nil }

    /// A server wants a login.
    package mutating func challenge(_ scopes: [String]?) {
        guard let scopes else { return }
        challenged = scopes
    }

    /// A server refused a token that has too few rights.
    ///
    /// - Throws: when logging in again cannot help: nothing is asked for that was not asked for before, or it happened
    ///   too often.
    package mutating func stepUp(_ scopes: [String]?) throws(AuthorizationFailure) {
        let before = Set(requested ?? [])
        guard let scopes, !Set(scopes).isSubset(of: before) else {
            throw AuthorizationFailure(
                .stepUpLimit,
                "the server refuses the request though the login asked for all that it wants"
            )
        }
        // The same wish again is one step, however many calls meet it.
        guard challenged.map({ Set($0) }) != Set(scopes) else { return }
        guard stepUps < Self.stepUpLimit else {
            throw AuthorizationFailure(
                .stepUpLimit,
                "the server has asked for more rights \(Self.stepUpLimit) times; log out and in again to go on"
            )
        }
        stepUps += 1
        challenged = scopes
    }

    /// The scopes of the next login; empty for none.
    package func scopes(offered: [String]?, byAuthorizationServer known: [String]?) -> [String] {
        var scopes = ScopeList.union(ScopeList.union(requested ?? [], configured), challenged ?? [])
        if configured.isEmpty, challenged == nil, requested == nil { scopes = ScopeList.union([], offered ?? []) }
        let keepsLogin = known?.contains(Self.offline) == true
        scopes.removeAll { $0 == Self.offline && !keepsLogin && !configured.contains($0) }
        return keepsLogin ? ScopeList.union(scopes, [Self.offline]) : scopes
    }

    package mutating func loggedIn(_ scopes: [String]) {
        requested = scopes
        challenged = nil
    }

    /// What was asked for elsewhere says nothing about another authorization server.
    package mutating func forgetRequests() { requested = nil }

    package mutating func loggedOut() { self = ScopePlan(configured: configured) }
}
