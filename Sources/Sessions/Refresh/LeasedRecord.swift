import Basics

/// What a store keeps under one name, with the rules of its lease. The scripts of the Redis store say the same in Lua.
public struct LeasedRecord: Sendable, Hashable {
    private struct Holder: Hashable {
        var owner: String
        var endsAt: Timestamp
    }

    private struct Intent: Hashable {
        var digest: String
        var fence: UInt64
        var at: Timestamp
    }

    /// `nil` once it has ended.
    public private(set) var record: StoredRecord?
    private var fence: UInt64 = 0
    private var holder: Holder?
    private var intent: Intent?

    public init(_ record: StoredRecord) {
        self.record = record
    }

    public mutating func replace(_ record: StoredRecord, expecting generation: UInt64) -> WriteOutcome {
        guard let current = self.record else { return .ended }
        guard current.generation == generation else { return .conflict(current: current.generation) }
        self.record = record
        return .written
    }

    /// What was lost may have been an intent, too.
    public mutating func restored(digest: String, now: Timestamp) {
        intent = Intent(digest: digest, fence: 0, at: now)
    }

    public mutating func end() {
        record = nil
        holder = nil
        intent = nil
    }

    public mutating func lease(_ name: RecordName, owner: String, now: Timestamp, life: Duration) -> LeaseAnswer {
        guard let record else { return .noRecord }
        if let holder, holder.owner != owner, holder.endsAt > now {
            return .heldElsewhere(record, left: holder.endsAt.since(now))
        }
        fence += 1
        holder = Holder(owner: owner, endsAt: now + life)
        let lease = RefreshLease(name: name, owner: owner, fence: fence)
        return .granted(lease, record, intent.map { SpendingTrace(digest: $0.digest, age: now.since($0.at)) })
    }

    public mutating func intend(_ lease: RefreshLease, digest: String, now: Timestamp, life: Duration) -> Bool {
        guard isHeld(by: lease), let endsAt = holder?.endsAt, endsAt > now else { return false }
        intent = Intent(digest: digest, fence: lease.fence, at: now)
        holder?.endsAt = now + life
        return true
    }

    public mutating func commit(
        _ lease: RefreshLease, _ record: StoredRecord, replacing expected: UInt64, now: Timestamp
    ) -> CommitOutcome {
        guard self.record?.generation == expected else { return .conflict }
        if let holder, holder.owner != lease.owner, holder.endsAt > now, let intent, intent.fence != lease.fence {
            return .fenced
        }
        self.record = record
        holder = nil
        intent = nil
        return .written
    }

    public mutating func release(_ lease: RefreshLease, keepingTrace: Bool) {
        if !keepingTrace, intent?.fence == lease.fence { intent = nil }
        if isHeld(by: lease) { holder = nil }
    }

    private func isHeld(by lease: RefreshLease) -> Bool {
        holder?.owner == lease.owner && fence == lease.fence
    }
}
