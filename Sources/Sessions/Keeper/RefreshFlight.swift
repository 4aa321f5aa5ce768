import Basics

/// One refresh of one session, from the first look at the store to the stored grant: does what the machine says.
struct RefreshFlight: Sendable {
    enum End: Sendable {
        case finished(RefreshMachine.Outcome)
        /// The grant cannot be stored for now. ``proceed(waitingForStore:)`` goes on trying.
        case stalled
    }

    let id: SessionID
    /// The caller knows this generation and needs a newer grant.
    let after: UInt64
    private(set) var machine: RefreshMachine
    /// What the store last held.
    private(set) var stored: Session?
    private(set) var problem: SessionError?
    /// Generation of the grant whose refresh token was spent.
    private var spentGeneration: UInt64?
    /// What the provider granted for it.
    private var fresh: TokenGrant?
    private var next: RefreshMachine.Action?
    private let parts: KeeperParts

    init(id: SessionID, after: UInt64, machine: RefreshMachine, parts: KeeperParts) {
        self.id = id
        self.after = after
        self.machine = machine
        self.parts = parts
    }

    mutating func proceed(waitingForStore: Bool) async -> End {
        var action = next ?? receive(.needed)
        next = nil
        while true {
            switch action {
            case .finish(let outcome): return .finished(outcome)
            case .ignore: return .finished(.failed(until: parts.clock.now()))
            case .pause where isOver: return .finished(.ended)
            case .pause where !waitingForStore && isStalled:
                next = action
                return .stalled
            default: action = receive(await perform(action))
            }
        }
    }

    /// Whether the session was kept with what the provider granted to this flight.
    var storedFreshGrant: Bool {
        guard let fresh, let stored else { return false }
        return stored.grant.accessToken == fresh.accessToken
    }

    private var isStalled: Bool {
        machine.storeFailures >= parts.limits.storeAttemptsBeforeAnswer
    }

    private var isOver: Bool {
        guard let stored else { return false }
        return stored.endsAt <= parts.clock.now()
    }

    private mutating func receive(_ input: RefreshMachine.Input) -> RefreshMachine.Action {
        machine.receive(input, now: parts.clock.now(), jitter: parts.random.fraction())
    }

    private mutating func perform(_ action: RefreshMachine.Action) async -> RefreshMachine.Input {
        switch action {
        // One process alone needs nobody's leave; a lease shared by replicas will be asked for here.
        case .acquireLease: return .leaseGranted
        case .readStore: return await readStore()
        case .spend: return await spend()
        case .storeGrant: return await storeGrant()
        case .storeLoginNeeded: return await storeLoginNeeded()
        case .pause(let duration):
            await parts.pause.wait(duration)
            return .pauseOver
        case .finish, .ignore: return .refreshFailed(retryAfter: nil)
        }
    }

    private mutating func readStore() async -> RefreshMachine.Input {
        do throws(SessionError) {
            let found = try await SessionRecords(records: parts.records).read(id)
            guard let found, found.endsAt > parts.clock.now() else { return .storeShows(.nothing) }
            stored = found
            if case .loginNeeded = found.standing { return .storeShows(.loginNeeded) }
            return .storeShows(isNewer(found) ? .newerGrant : .sameGrant)
        } catch {
            return storeFailed(error)
        }
    }

    /// A grant that was stored meanwhile but has expired by now saves nobody a refresh.
    private func isNewer(_ found: Session) -> Bool {
        if let spentGeneration { return found.grantGeneration > spentGeneration }
        return found.grantGeneration > after && found.grant.expiresAt > parts.clock.now()
    }

    private mutating func spend() async -> RefreshMachine.Input {
        guard let session = stored, let token = session.grant.refreshToken else {
            problem = .loginNeeded(reason: "the session has no refresh token")
            return .grantIsDead
        }
        spentGeneration = session.grantGeneration
        do throws(RefreshFailure) {
            var grant = try await parts.refresher.refresh(workspace: session.workspace, refreshToken: token)
            // A provider that does not rotate may leave the refresh token out (RFC 6749, section 6).
            grant.refreshToken = grant.refreshToken ?? token
            fresh = grant
            return .granted
        } catch {
            return refused(error)
        }
    }

    private mutating func refused(_ failure: RefreshFailure) -> RefreshMachine.Input {
        switch failure {
        case .grantIsDead(let reason):
            problem = .loginNeeded(reason: reason)
            return .grantIsDead
        case .passing(let reason, let retryAfter):
            problem = .refreshFailed(reason, retryAfter: retryAfter)
            return .refreshFailed(retryAfter: retryAfter)
        }
    }

    private mutating func storeGrant() async -> RefreshMachine.Input {
        guard let fresh else { return .storeFailed }
        return await write { session in
            session.grant = fresh
            session.grantGeneration = session.generation
            session.standing = .active
        }
    }

    private mutating func storeLoginNeeded() async -> RefreshMachine.Input {
        guard case .loginNeeded(let reason) = problem else { return .storeFailed }
        return await write { $0.standing = .loginNeeded(reason: reason) }
    }

    private mutating func write(_ change: (inout Session) -> Void) async -> RefreshMachine.Input {
        guard var session = stored else { return .storeFailed }
        session.generation += 1
        change(&session)
        do throws(SessionError) {
            let outcome = try await SessionRecords(records: parts.records).write(session, now: parts.clock.now())
            guard outcome == .written else { return .conflicted }
            stored = session
            return .written
        } catch {
            return storeFailed(error)
        }
    }

    private mutating func storeFailed(_ error: SessionError) -> RefreshMachine.Input {
        problem = error
        if fresh != nil, case .store(let failure) = error {
            parts.report(.grantWaitsForStore(id, failure))
        }
        return .storeFailed
    }
}
