import Basics
import Sessions

// Refreshing under a lease. What the scripts answer is read here.
extension RedisStore {
    public func lease(
        _ name: RecordName, owner: String, life: Duration
    ) async throws(StoreError) -> LeaseAnswer {
        let reply = try await calls.run(.lease, name, [Array(owner.utf8), Self.life(life)])
        return try calls.checked(reply) { value throws(StoreError) in
            guard case .array(let parts) = value, let kind = parts.first?.text else { throw Self.nonsense }
            switch (kind, parts.count) {
            case ("none", 1): return .noRecord
            case ("held", 4):
                let left = Duration.milliseconds(Int64(try Self.number(parts[1]).clamped))
                return .heldElsewhere(try Self.record(parts[2], parts[3]), left: left)
            case ("granted", 6):
                let lease = RefreshLease(name: name, owner: owner, fence: try Self.number(parts[1]))
                return .granted(lease, try Self.record(parts[2], parts[3]), try Self.trace(parts[4], parts[5]))
            default: throw Self.nonsense
            }
        }
    }

    public func ageOfMaster(of name: RecordName) async -> Duration? {
        await calls.ageOfMaster(of: name)
    }

    public func intend(
        _ lease: RefreshLease, digest: String, life: Duration
    ) async throws(StoreError) -> Bool {
        let reply = try await calls.run(.intend, lease.name, Self.words(lease) + [Array(digest.utf8), Self.life(life)])
        return try calls.checked(reply) { value throws(StoreError) in
            guard case .integer(let answer) = value else { throw Self.nonsense }
            return answer == 1
        }
    }

    public func commit(
        _ lease: RefreshLease, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> CommitOutcome {
        let generations = [String(expected), String(record.generation)].map { Array($0.utf8) }
        let reply = try await calls.run(
            .commit, lease.name,
            Self.words(lease) + generations + [record.bytes, Self.life(life), Self.channel(for: lease.name)])
        return try calls.checked(reply) { value throws(StoreError) in
            switch value.text {
            case "OK": return .written
            case "conflict": return .conflict
            case "fenced": return .fenced
            default: throw Self.nonsense
            }
        }
    }

    public func release(_ lease: RefreshLease, keepingTrace: Bool) async throws(StoreError) {
        try await expectOK(.release, lease.name, Self.words(lease) + [Array((keepingTrace ? "1" : "0").utf8)])
    }

    private static func words(_ lease: RefreshLease) -> [[UInt8]] {
        [Array(lease.owner.utf8), Array(String(lease.fence).utf8)]
    }

    private static func number(_ value: RESPValue) throws(StoreError) -> UInt64 {
        guard let number = value.text.flatMap({ UInt64($0) }) else { throw nonsense }
        return number
    }

    private static func record(_ generation: RESPValue, _ bytes: RESPValue) throws(StoreError) -> StoredRecord {
        guard case .bulk(let bytes) = bytes else { throw nonsense }
        return StoredRecord(generation: try number(generation), bytes: bytes)
    }

    /// An age below zero, after a change of Redis's clock, is none.
    private static func trace(_ digest: RESPValue, _ age: RESPValue) throws(StoreError) -> SpendingTrace? {
        guard let digest = digest.text, let age = age.text else { throw nonsense }
        guard !digest.isEmpty else { return nil }
        guard let milliseconds = Int64(age) else { throw nonsense }
        return SpendingTrace(digest: digest, age: .milliseconds(max(milliseconds, 0)))
    }
}

extension UInt64 {
    fileprivate var clamped: Int64 { Int64(clamping: self) }
}
