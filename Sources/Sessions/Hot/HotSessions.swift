import Basics

/// What a loop knows about a token that was presented to it.
public enum HotLookup {
    case live(LiveSession)
    /// The key is good, the access token has expired.
    case needsRenewal(SessionID, generation: UInt64)
    /// The key is good, but a person has to log in again. The reason is safe to show.
    case loginNeeded(reason: String)
    /// The key or its session has ended.
    case ended
    /// The session is known here, this key is not, at least not for this way of presenting it.
    case unknownKey
    /// The session is not known here: ask the keeper.
    case absent
}

/// The sessions one event loop knows. Belongs to that loop; looking up allocates nothing and never waits.
///
/// When full it evicts by second chance: a hand goes round, spares what was found since its last visit, and takes
/// the first that was not.
public final class HotSessions {
    private let limit: Int
    private var entries: [SessionID: LiveSession] = [:]
    /// Which session sits where; the hand moves over these.
    private var slots: [SessionID?] = []
    private var freeSlots: [Int] = []
    private var hand = 0
    private var ended: Tombstones
    private let staleness: Duration
    private let notice: Duration

    /// `limit` and `remembered` are at least 1. The use of a session is reported every `staleness`;
    /// its end is told from `notice` before it, zero for never.
    public init(
        limit: Int = 100_000, remembered: Int = 65_536, staleness: Duration = .seconds(5), notice: Duration = .zero
    ) {
        self.limit = max(limit, 1)
        self.staleness = staleness
        self.notice = notice
        ended = Tombstones(limit: remembered)
    }

    public var count: Int { entries.count }

    public func find(_ presented: PresentedToken, kind: KeyKind, now: Timestamp) -> HotLookup {
        guard let entry = entries[presented.id] else { return ended.contains(presented.id) ? .ended : .absent }
        guard let keyEndsAt = entry.endOfKey(presented.digest, kind: kind) else { return .unknownKey }
        entry.isRecent = true
        guard now < keyEndsAt, now < entry.endsAt else { return .ended }
        if case .loginNeeded(let reason) = entry.standing { return .loginNeeded(reason: reason) }
        guard now < entry.accessExpiresAt else { return .needsRenewal(entry.id, generation: entry.generation) }
        return .live(entry)
    }

    /// Whether a session is known to have ended.
    public func hasEnded(_ id: SessionID) -> Bool {
        ended.contains(id)
    }

    /// Takes a session in, unless the loop knows the same or a newer generation, or that the session has ended.
    public func apply(_ session: Session) {
        guard !ended.contains(session.id) else { return }
        if let known = entries[session.id] {
            guard session.generation > known.generation else { return }
            let newer = LiveSession(session, slot: known.slot, staleness: staleness, notice: notice)
            newer.inherit(from: known)
            entries[session.id] = newer
        } else {
            let slot = freeSlot()
            slots[slot] = session.id
            entries[session.id] = LiveSession(session, slot: slot, staleness: staleness, notice: notice)
        }
    }

    /// Like ``apply(_:)``, but only for a session that this loop knows: what other loops serve costs it no memory.
    public func update(_ session: Session) {
        guard entries[session.id] != nil else { return }
        apply(session)
    }

    /// Forgets a session that has ended, for good.
    public func remove(_ id: SessionID) {
        ended.insert(id)
        guard let entry = entries.removeValue(forKey: id) else { return }
        slots[entry.slot] = nil
        freeSlots.append(entry.slot)
    }

    private func freeSlot() -> Int {
        if let slot = freeSlots.popLast() { return slot }
        guard slots.count >= limit else {
            slots.append(nil)
            return slots.count - 1
        }
        return evictOne()
    }

    /// Comes to an end within two rounds: the first clears what the second then takes.
    private func evictOne() -> Int {
        while true {
            let slot = hand
            hand = (hand + 1) % slots.count
            guard let id = slots[slot], let entry = entries[id] else { return slot }
            guard entry.isRecent else {
                entries[id] = nil
                return slot
            }
            entry.isRecent = false
        }
    }
}
