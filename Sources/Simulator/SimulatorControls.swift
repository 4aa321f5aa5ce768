extension Simulator {
    /// How often things happened so far.
    public var counters: SimulatorCounters { state.oauth.withLock { $0.counters } }

    /// What the token endpoint does wrong from now on; `nil` for nothing.
    public var tokenFault: TokenFault? {
        get { state.fault.withLock { $0 } }
        set { state.fault.withLock { $0 = newValue } }
    }

    /// Registers a client, or replaces the one with the same id.
    public func register(_ client: SimulatorClient) {
        state.oauth.withLock { $0.clients[client.id] = client }
    }

    /// Lets a known client be redirected to one more address.
    public func register(redirectURI: String, for client: String) {
        state.oauth.withLock { _ = $0.clients[client]?.redirectURIs.insert(redirectURI) }
    }

    /// How long access tokens issued from now on live.
    public func setAccessTokenLife(_ life: Duration) {
        state.oauth.withLock { $0.rules.accessTokenLife = life }
    }

    /// The workspace stops accepting all access tokens there are, or those of one user.
    public func revokeAccessTokens(of user: String? = nil) {
        state.oauth.withLock { $0.revokeAccessTokens(of: user) }
    }

    /// All refresh tokens there are stop working, or those of one user.
    public func revokeRefreshTokens(of user: String? = nil) {
        state.oauth.withLock { $0.revokeRefreshTokens(of: user) }
    }

    /// All access tokens there are reach their end now.
    public func expireAccessTokens() {
        let now = state.clock.now()
        state.oauth.withLock { $0.expireAccessTokens(now: now) }
    }
}
