import Basics

/// Sends each request to the part that answers it.
struct SimulatorSite: Sendable {
    let state: SimulatorState

    func serve(_ exchange: Exchange) async throws {
        let requestID = hexadecimal(state.random.bytes(16))
        exchange.commonFields = [
            (name: "server", value: "databricks"), (name: "x-request-id", value: requestID),
            (name: "vary", value: "Accept-Encoding"),
        ]
        if exchange.path.hasPrefix("/oidc/") || exchange.path.hasPrefix("/.well-known/") {
            return try await OAuthRoutes(state: state).serve(exchange)
        }
        let user = try await admit(exchange, requestID: requestID)
        defer { report(exchange, user) }
        guard let user else { return }
        try await WorkspaceRoutes(state: state, user: user).serve(exchange)
    }

    /// The owner of a live bearer; anyone else gets the workspace's refusal.
    private func admit(_ exchange: Exchange, requestID: String) async throws -> DemoUser? {
        let authorization = exchange.head.headers["authorization"]
        let now = state.clock.now()
        do throws(BearerRefusal) {
            guard authorization.count < 2 else { throw .missing }
            let user = try state.oauth.withLock { oauth throws(BearerRefusal) in
                try oauth.admit(authorization: authorization.first, now: now)
            }
            exchange.commonFields.append((name: "x-databricks-org-id", value: state.metadata.organization))
            exchange.commonFields.append((name: "x-simulator-user", value: user.name))
            return user
        } catch {
            try await exchange.send(.refused(error, requestID: requestID))
            return nil
        }
    }

    private func report(_ exchange: Exchange, _ user: DemoUser?) {
        state.report(
            .call(method: exchange.method, path: exchange.path, user: user?.name, status: exchange.status ?? 0))
    }
}

extension OAuthServer {
    /// ``caller(authorization:now:)``, counted.
    mutating func admit(authorization: String?, now: Timestamp) throws(BearerRefusal) -> DemoUser {
        do throws(BearerRefusal) {
            let user = try caller(authorization: authorization, now: now)
            counters.callsAccepted += 1
            return user
        } catch {
            counters.callsRefused += 1
            throw error
        }
    }
}
