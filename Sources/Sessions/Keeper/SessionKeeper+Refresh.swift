import Basics

/// Refreshing: one flight per session, whoever asks for it.
extension SessionKeeper {
    public func renew(_ id: SessionID, after generation: UInt64) async throws(SessionError) -> Session {
        // A flight that was under way may have been asked for an older generation: then one more is needed.
        for _ in 0..<3 {
            let session = try await join(id, after: generation).get()
            if session.grantGeneration > generation { return session }
        }
        throw .contended
    }

    private func join(_ id: SessionID, after generation: UInt64) async -> Result<Session, SessionError> {
        let now = parts.clock.now()
        let step = state.withLock { state in joinLocked(&state, id: id, after: generation, now: now) }
        switch step {
        case .answer(let answer): return answer
        case .wait(let task): return await task.value
        }
    }

    private enum Step {
        case answer(Result<Session, SessionError>)
        case wait(Task<Result<Session, SessionError>, Never>)
    }

    private func joinLocked(_ state: inout State, id: SessionID, after generation: UInt64, now: Timestamp) -> Step {
        if state.held.hasEnded(id) { return .answer(.failure(.unknownSession)) }
        let held = state.held[id]
        if let session = held?.session, session.grantGeneration > generation, session.standing == .active,
            session.grant.expiresAt > now
        {
            return .answer(.success(session))
        }
        if let session = held?.session, !speaks(for: session) {
            return .answer(.failure(.loginNeeded(reason: SessionKeeper.otherClient)))
        }
        switch state.refreshes[id] {
        case .flying(let task): return .wait(task)
        case .stalled(let error, _): return .answer(.failure(error))
        case nil: return .wait(launchLocked(&state, id: id, after: generation, isHurried: true))
        }
    }

    func speaks(for session: Session) -> Bool {
        parts.refresher.speaks(for: session.grant.clientID, workspace: session.workspace)
    }

    private static let otherClient = "it was made with an app connection that is not in use any more"

    /// Detached: no client that goes away takes the refresh along.
    @discardableResult
    func launchLocked(
        _ state: inout State, id: SessionID, after generation: UInt64, isHurried: Bool
    ) -> Task<Result<Session, SessionError>, Never> {
        let machine = state.held[id]?.machine ?? RefreshMachine(policy: parts.limits.policy)
        let flight = RefreshFlight(
            id: id, after: generation, isHurried: isHurried, held: state.held[id]?.session, machine: machine,
            parts: parts)
        let task = Task.detached { await self.fly(flight) }
        state.refreshes[id] = .flying(task)
        return task
    }

    private func fly(_ flight: RefreshFlight) async -> Result<Session, SessionError> {
        var flight = flight
        switch await flight.proceed(waitingForStore: false) {
        case .finished(let outcome): return land(flight, outcome)
        case .stalled:
            let problem = flight.problem ?? .contended
            stall(flight, problem)
            return .failure(problem)
        }
    }

    private func stall(_ flight: RefreshFlight, _ problem: SessionError) {
        state.withLock { state in
            let task = Task.detached {
                var flight = flight
                guard case .finished(let outcome) = await flight.proceed(waitingForStore: true) else { return }
                _ = self.land(flight, outcome)
            }
            state.refreshes[flight.id] = .stalled(problem, task)
        }
    }

    private func land(_ flight: RefreshFlight, _ outcome: RefreshMachine.Outcome) -> Result<Session, SessionError> {
        let isChange = outcome == .renewed || flight.storedFreshGrant || outcome == .loginNeeded
        if let session = flight.stored, outcome != .ended { keep(session, isChange: isChange) }
        if outcome == .ended {
            noteEnd(flight.id)
            // Whoever ended it revoked the token that this one was granted for.
            if let fresh = flight.fresh, let session = flight.stored, session.endsAt > parts.clock.now() {
                revoke(fresh, of: session)
            }
        }
        let (now, jitter) = (parts.clock.now(), parts.random.fraction())
        let hasEnded = state.withLock { state in
            state.refreshes[flight.id] = nil
            state.held.remember(
                flight.machine, for: flight.id, postponed: outcome.postponedUntil, now: now, jitter: jitter)
            noteQuiet(&state, flight, now: now)
            return state.held.hasEnded(flight.id)
        }
        report(flight, outcome)
        return hasEnded ? .failure(.unknownSession) : answer(flight, outcome)
    }

    private func noteQuiet(_ state: inout State, _ flight: RefreshFlight, now: Timestamp) {
        guard case .refreshFailed(_, let asked?) = flight.problem, let workspace = flight.stored?.workspace else {
            return
        }
        state.rests.askedForQuiet(workspace, until: now + min(asked, parts.limits.policy.longestObeyed))
    }

    private func answer(_ flight: RefreshFlight, _ outcome: RefreshMachine.Outcome) -> Result<Session, SessionError> {
        switch outcome {
        case .renewed, .adopted: flight.stored.map { .success($0) } ?? .failure(.unknownSession)
        case .ended: .failure(.unknownSession)
        case .loginNeeded: .failure(.loginNeeded(reason: reason(flight)))
        case .postponed(let until):
            .failure(.refreshFailed("another replica is renewing it", retryAfter: until.since(parts.clock.now())))
        case .failed(let until):
            switch flight.problem {
            case .refreshFailed(let reason, _):
                .failure(.refreshFailed(reason, retryAfter: until.since(parts.clock.now())))
            case .loginNeeded(let reason): .failure(.loginNeeded(reason: reason))
            case .store(let error): .failure(.store(error))
            case .unreadable(let reason): .failure(.unreadable(reason))
            default:
                .failure(
                    .refreshFailed("a refresh failed a moment ago", retryAfter: until.since(parts.clock.now())))
            }
        }
    }

    private func reason(_ flight: RefreshFlight) -> String {
        if case .loginNeeded(let reason) = flight.stored?.standing { return reason }
        if case .loginNeeded(let reason) = flight.problem { return reason }
        if case .loginNeeded(let reason) = state.withLock({ $0.held[flight.id]?.session.standing }) { return reason }
        return "the provider does not renew this login"
    }

    private func report(_ flight: RefreshFlight, _ outcome: RefreshMachine.Outcome) {
        switch outcome {
        case .renewed: parts.report(.refreshed(flight.id))
        case .adopted:
            parts.report(flight.storedFreshGrant ? .refreshed(flight.id) : .refreshAdopted(flight.id))
        case .loginNeeded where flight.problem != nil: parts.report(.grantIsDead(flight.id, reason: reason(flight)))
        case .failed where flight.problem != nil:
            parts.report(.refreshFailed(flight.id, reason: safeText(flight.problem)))
        case .loginNeeded, .failed, .postponed, .ended: break
        }
    }

    private func safeText(_ problem: SessionError?) -> String {
        switch problem {
        case .refreshFailed(let reason, _), .unreadable(let reason), .loginNeeded(let reason): reason
        case .store(let error): "store: \(error)"
        case .unknownSession, .contended, nil: "interrupted"
        }
    }
}

extension RefreshMachine.Outcome {
    fileprivate var postponedUntil: Timestamp? {
        if case .postponed(let until) = self { until } else { nil }
    }
}
