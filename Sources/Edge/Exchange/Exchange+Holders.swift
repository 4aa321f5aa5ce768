import Gate
import NIOCore
import Sessions

/// Access tokens that no login brought: of service principals, and of people where their account's are exchanged.
extension Exchange {
    var exchangesTokens: Bool { loop.shared.workspaces[workspace].exchangesTokens }

    func lookUp(_ holder: TokenHolder) -> Lookup {
        let now = loop.shared.clock.now()
        guard let id = principalID(of: holder) else { return .settled(.unknownSession) }
        guard let live = loop.principals.find(id, now: now) else { return .mustObtain(holder) }
        principal = live
        if live.takesRenewal(at: now) { renewAhead(id) }
        return .settled(.actingAs(holder))
    }

    func principalID(of holder: TokenHolder) -> PrincipalID? {
        switch holder {
        case .principal(let index): PrincipalID(workspace: workspace, index: index)
        case .person: session.map { PrincipalID(workspace: workspace, person: $0.id) }
        }
    }

    /// What the workspace still says about the spent token interests nobody any more.
    func obtainToken(of holder: TokenHolder) {
        upstream?.abandon()
        upstream = nil
        guard let id = principalID(of: holder) else { return refuse(.unknownSession) }
        ask(question(for: id), then: { exchange, token in exchange.loop.principals.apply(token, of: id) })
    }

    /// For a token that is newer than the one known.
    func question(for id: PrincipalID) -> @Sendable () async throws(PrincipalFailure) -> PrincipalToken {
        let principals = loop.shared.principals
        let generation = principal?.generation ?? 0
        return { () async throws(PrincipalFailure) in try await principals.obtain(id, after: generation) }
    }

    /// Nobody waits for it; without an answer, whoever comes after the end of the token does.
    private func renewAhead(_ id: PrincipalID) {
        let obtain = question(for: id)
        let (bound, eventLoop) = (NIOLoopBound(loop, eventLoop: loop.eventLoop), loop.eventLoop)
        Task {
            guard let token = try? await obtain() else { return }
            eventLoop.execute { bound.value.principals.apply(token, of: id) }
        }
    }
}

extension PrincipalFailure: Finds {
    var finding: Finding {
        switch self {
        case .refused: .unavailable(.principalRefused)
        case .notAdmitted(let reason): .notAllowed(.noToken(reason: reason))
        case .login(let error): error.finding
        case .passing(_, let retryAfter):
            .unavailable(.principalUnavailable(retryAfter: wholeSeconds(retryAfter)))
        }
    }
}
