import Basics

/// The sessions this process looks after, and when each is due. Plain state: the keeper guards it with its lock.
struct HeldSessions {
    struct Held {
        var session: Session
        var lastUse: Timestamp
        /// When the store last showed it, or was last asked to.
        var confirmedAt: Timestamp
        /// `nil` while nothing is queued for it.
        var dueAt: Timestamp?
        var machine: RefreshMachine
    }

    private let limits: KeeperLimits
    private var held: [SessionID: Held] = [:]
    private var queue = DueQueue()
    private var comparisons: Budget
    /// To be compared with the store, used or not.
    private var doubted: [SessionID] = []
    private var doubtedAt: Timestamp?
    private var ended = Tombstones(limit: 65_536)

    init(limits: KeeperLimits) {
        self.limits = limits
        comparisons = Budget(perSecond: limits.comparisonsPerSecond)
    }

    var count: Int { held.count }

    subscript(_ id: SessionID) -> Held? { held[id] }

    var sessions: [Session] { held.values.map(\.session) }

    func hasEnded(_ id: SessionID) -> Bool {
        ended.contains(id)
    }

    /// Takes in what the store showed. True if that is news about a session that was held before.
    mutating func take(_ session: Session, now: Timestamp, jitter: Double) -> Bool {
        guard !ended.contains(session.id) else { return false }
        guard var known = held[session.id] else {
            hold(session, now: now, jitter: jitter)
            return false
        }
        held[session.id]?.confirmedAt = now
        known.confirmedAt = now
        guard session.generation > known.session.generation else { return false }
        let hasNewGrant = session.grantGeneration > known.session.grantGeneration
        known.session = session
        if hasNewGrant { known.machine = RefreshMachine(policy: limits.policy(for: session.workspace)) }
        held[session.id] = known
        if hasNewGrant { schedule(session.id, at: dueAt(session, jitter: jitter)) }
        return true
    }

    /// True if it was not known to have ended before.
    mutating func end(_ id: SessionID) -> Bool {
        let isNews = !ended.contains(id)
        ended.insert(id)
        held[id] = nil
        return isNews
    }

    mutating func letGo(_ id: SessionID) {
        held[id] = nil
    }

    enum Touch {
        case unknown, fresh, stale
    }

    /// Notes the use of a session. One that is stale is told so to one caller only.
    mutating func touch(_ id: SessionID, now: Timestamp) -> Touch {
        // In place: with many sessions in use this comes with every request, and a copy costs a dozen of cache misses.
        guard let index = held.index(forKey: id) else { return .unknown }
        held.values[index].lastUse = now
        let isStale = held.values[index].confirmedAt + limits.staleness <= now
        guard isStale, comparisons.take(now: now) else { return .fresh }
        held.values[index].confirmedAt = now
        return .stale
    }

    /// Nothing is known for certain any more: each session is compared with the store, at its next use at the latest.
    mutating func doubt(now: Timestamp) {
        for index in held.values.indices { held.values[index].confirmedAt = Timestamp(milliseconds: 0) }
        doubted = Array(held.keys)
        doubtedAt = now
    }

    /// The store has lost one session, and may have lost more.
    mutating func doubtUnlessDone(now: Timestamp) {
        guard doubted.isEmpty, doubtedAt.map({ $0 + HeldSessions.doubtPause <= now }) ?? true else { return }
        doubt(now: now)
    }

    /// The next one to compare now, as far as the budget goes.
    mutating func nextDoubted(now: Timestamp) -> SessionID? {
        while let id = doubted.last {
            guard let index = held.index(forKey: id), held.values[index].confirmedAt.milliseconds == 0 else {
                doubted.removeLast()
                continue
            }
            guard comparisons.take(now: now) else { return nil }
            doubted.removeLast()
            held.values[index].confirmedAt = now
            return id
        }
        return nil
    }

    private static let doubtPause = Duration.seconds(10)

    mutating func doubt(_ id: SessionID) {
        held[id]?.confirmedAt = Timestamp(milliseconds: 0)
    }

    /// Takes back the machine of a flight that has landed, and sees to it that the session is due again some time,
    /// not before `postponed`.
    mutating func remember(
        _ machine: RefreshMachine, for id: SessionID, postponed: Timestamp?, now: Timestamp, jitter: Double
    ) {
        guard let known = held[id] else { return }
        held[id]?.machine = machine
        if let postponed { return schedule(id, at: max(postponed, now + limits.policy.firstPause)) }
        if case .backingOff(let until) = machine.state {
            schedule(id, at: until)
        } else if known.dueAt == nil {
            schedule(id, at: max(dueAt(known.session, jitter: jitter), now + limits.policy.firstPause))
        }
    }

    /// Queues one again that was due.
    mutating func postpone(_ id: SessionID, until moment: Timestamp) {
        schedule(id, at: moment)
    }

    private mutating func schedule(_ id: SessionID, at due: Timestamp) {
        guard let known = held[id] else { return }
        let at = min(due, known.session.endsAt)
        guard known.dueAt != at else { return }
        held[id]?.dueAt = at
        queue.insert(DueQueue.Entry(at: at, id: id))
    }

    /// The next session that is due; entries that were overtaken by a later schedule are dropped on the way.
    mutating func popDue(now: Timestamp) -> Held? {
        while let entry = queue.popDue(now) {
            guard let found = held[entry.id], found.dueAt == entry.at else { continue }
            held[entry.id]?.dueAt = nil
            return found
        }
        return nil
    }

    private mutating func hold(_ session: Session, now: Timestamp, jitter: Double) {
        guard held.count < limits.heldSessions else { return }
        let machine = RefreshMachine(policy: limits.policy(for: session.workspace))
        held[session.id] = Held(session: session, lastUse: now, confirmedAt: now, dueAt: nil, machine: machine)
        schedule(session.id, at: dueAt(session, jitter: jitter))
    }

    private func dueAt(_ session: Session, jitter: Double) -> Timestamp {
        guard session.standing == .active, session.grant.refreshToken != nil else { return session.endsAt }
        return limits.policy.dueAt(
            obtainedAt: session.grant.obtainedAt, expiresAt: session.grant.expiresAt, jitter: jitter)
    }
}
