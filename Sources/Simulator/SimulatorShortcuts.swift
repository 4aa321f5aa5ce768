import Basics

/// What a login gives, without going through a browser.
public struct SimulatorGrant: Sendable {
    public var accessToken: Secret<String>
    /// `nil` without the scope offline_access.
    public var refreshToken: Secret<String>?
}

extension Simulator {
    /// Signs a person in at an authorize URL as a browser would, and returns where that redirects to.
    ///
    /// All checks apply: a faulty request redirects with an error, and `nil` means that only a page was shown.
    public func signIn(authorizeURL: String, as user: String) -> String? {
        let query = authorizeURL.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        var fields = FormFields(encoded: query)
        fields.pairs += [(name: "user", value: user), (name: "decision", value: "allow")]
        return OAuthRoutes(state: state).submitForm(fields).fields.first { $0.name == "location" }?.value
    }

    /// Tokens for a person, as if a login through this client had just ended. Not counted as a login.
    public func grant(
        to user: String, client: String, scopes: Set<String> = ["all-apis", "offline_access"]
    ) -> SimulatorGrant {
        let now = state.clock.now()
        let answer = state.oauth.withLock { $0.grant(to: user, client: client, scopes: scopes, now: now) }
        return SimulatorGrant(
            accessToken: Secret(answer.accessToken), refreshToken: answer.refreshToken.map { Secret($0) })
    }
}
