import Basics

/// One refresh of one session, from the lease to the stored grant: does what the machine says.
struct RefreshFlight: Sendable {
    enum End: Sendable {
        case finished(RefreshMachine.Outcome)
        /// The grant cannot be stored for now. ``proceed(waitingForStore:)`` goes on trying.
        case stalled
    }

    let id: SessionID
    /// The caller knows this generation and needs a newer grant.
    let after: UInt64
    /// Whether somebody waits for it.
    let isHurried: Bool
    /// What this replica holds, which the store may have lost.
    let held: Session?
    private(set) var machine: RefreshMachine
    /// What the store last held.
    var stored: Session?
    var problem: SessionError?
    /// Generation of the grant whose refresh token was spent.
    var spentGeneration: UInt64?
    /// What the provider granted for it.
    var fresh: TokenGrant?
    private var next: RefreshMachine.Action?
    var lease: RefreshLease?
    /// When the token must have left, on the steady clock.
    var sendBefore: Duration = .zero
    var wasAnswerLost = false
    let parts: KeeperParts

    init(
        id: SessionID, after: UInt64, isHurried: Bool, held: Session?, machine: RefreshMachine, parts: KeeperParts
    ) {
        self.held = held
        self.id = id
        self.after = after
        self.isHurried = isHurried
        self.machine = machine
        self.parts = parts
    }

    mutating func proceed(waitingForStore: Bool) async -> End {
        var action = next ?? receive(.needed(isHurried: isHurried))
        next = nil
        while true {
            switch action {
            case .finish(let outcome): return await finish(outcome)
            case .ignore: return await finish(.failed(until: parts.clock.now()))
            case .pause where isOver: return await finish(.ended)
            case .pause where !waitingForStore && isStalled:
                next = action
                return .stalled
            default: action = receive(await perform(action))
            }
        }
    }

    private mutating func finish(_ outcome: RefreshMachine.Outcome) async -> End {
        await giveBackLease()
        return .finished(outcome)
    }

    /// One that cannot be given back ends by itself.
    mutating func giveBackLease() async {
        guard let lease else { return }
        self.lease = nil
        try? await parts.records.store.release(lease, keepingTrace: wasAnswerLost)
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
        case .acquireLease: return await acquireLease()
        case .writeIntent: return await writeIntent()
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
}
