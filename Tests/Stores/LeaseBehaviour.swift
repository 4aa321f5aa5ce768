import Basics
import Sessions
import Synchronization
import Testing

/// What every record store must do about leases, ends and news of them.
struct LeaseBehaviour {
    let store: any RecordStore
    let letTimePass: (Duration) async throws -> Void
    private let long = Duration.seconds(60)

    func run() async throws {
        try await givesALeaseToOne()
        try await remembersAnIntent()
        try await commitsUnderALease()
        try await fencesOffWhoIsLate()
        try await welcomesWhoIsLateButFirst()
        try await whatHasEndedStaysSo()
        try await tellsOfChanges()
        try await restores()
    }

    private func restores() async throws {
        let (lost, old, ended) = (
            RecordName("lakegate:{lost-\(UInt64.random(in: 0 ... .max))}:session"), try await fresh(), try await fresh()
        )
        try await store.end(ended, life: long)
        for (name, stored) in [(lost, UInt64(0)), (old, 1)] {
            #expect(
                try await store.restore(name, record(7), replacing: 6, digest: "x", life: long)
                    == .conflict(current: stored))
            #expect(
                try await store.restore(name, record(7), replacing: stored, digest: "unsure", life: long) == .written)
            let (_, trace) = try #require(try await lease(name, "a"))
            #expect(trace?.digest == "unsure" && trace?.age ?? .seconds(9) < .seconds(9))
        }
        #expect(try await store.restore(ended, record(7), replacing: 0, digest: "x", life: long) == .ended)
    }

    private func fresh(_ isAnnounced: Bool = false) async throws -> RecordName {
        let name = RecordName("lakegate:{lease-\(UInt64.random(in: 0 ... .max))}:session", isAnnounced: isAnnounced)
        _ = try await store.write(name, record(1), replacing: 0, life: long)
        return name
    }

    private func record(_ generation: UInt64) -> StoredRecord {
        StoredRecord(generation: generation, bytes: Array("of \(generation)".utf8))
    }

    private func lease(
        _ name: RecordName, _ owner: String, life: Duration = .seconds(60)
    ) async throws -> (RefreshLease, SpendingTrace?)? {
        guard case .granted(let lease, let found, let trace) = try await store.lease(name, owner: owner, life: life)
        else { return nil }
        #expect(try await store.read(name) == found)
        return (lease, trace)
    }

    private func givesALeaseToOne() async throws {
        let name = try await fresh()
        let (first, trace) = try #require(try await lease(name, "a"))
        #expect(trace == nil)
        guard case .heldElsewhere(record(1), let left) = try await store.lease(name, owner: "b", life: long) else {
            Issue.record("two have the lease")
            return
        }
        #expect(left > .seconds(50) && left <= long)
        let (again, _) = try #require(try await lease(name, "a", life: .milliseconds(80)))
        #expect(again.fence > first.fence)
        try await letTimePass(.milliseconds(120))
        let (second, _) = try #require(try await lease(name, "b"))
        #expect(second.fence > again.fence)
        try await store.release(first, keepingTrace: false)
        #expect(try await lease(name, "c") == nil, "given back by one that no longer has it")
        try await store.release(second, keepingTrace: false)
        #expect(try await lease(name, "c") != nil)
        #expect(try await store.lease(RecordName("lakegate:{none}:session"), owner: "a", life: long) == .noRecord)
    }

    private func remembersAnIntent() async throws {
        let name = try await fresh()
        let (first, _) = try #require(try await lease(name, "a"))
        #expect(try await store.intend(first, digest: "spent", life: .milliseconds(80)))
        try await letTimePass(.milliseconds(120))
        #expect(try await !store.intend(first, digest: "late", life: long))
        let (second, trace) = try #require(try await lease(name, "b"))
        #expect(trace?.digest == "spent" && trace?.age ?? .zero >= .milliseconds(80))
        try await store.release(second, keepingTrace: false)
        let (third, kept) = try #require(try await lease(name, "c"))
        #expect(kept?.digest == "spent", "not another one's to take away")
        #expect(try await store.intend(third, digest: "tried", life: long))
        try await store.release(third, keepingTrace: true)
        let (fourth, last) = try #require(try await lease(name, "d"))
        #expect(last?.digest == "tried")
        try await store.release(third, keepingTrace: false)
        try await store.release(fourth, keepingTrace: false)
        #expect(try #require(try await lease(name, "e")).1 == nil)
    }

    private func commitsUnderALease() async throws {
        let name = try await fresh()
        let (lease, _) = try #require(try await lease(name, "a"))
        #expect(try await store.intend(lease, digest: "spent", life: long))
        #expect(try await store.commit(lease, record(3), replacing: 2, life: long) == .conflict)
        #expect(try await store.commit(lease, record(2), replacing: 1, life: long) == .written)
        #expect(try await store.read(name) == record(2))
        #expect(try await store.commit(lease, record(2), replacing: 1, life: long) == .conflict)
        #expect(try #require(try await self.lease(name, "b")).1 == nil, "a commit settles the intent")
    }

    /// While another one spends, an older result waits.
    private func fencesOffWhoIsLate() async throws {
        let name = try await fresh()
        let (late, _) = try #require(try await lease(name, "a", life: .milliseconds(80)))
        #expect(try await store.intend(late, digest: "spent", life: .milliseconds(80)))
        try await letTimePass(.milliseconds(120))
        let (second, _) = try #require(try await lease(name, "b"))
        #expect(try await store.intend(second, digest: "spent", life: long))
        #expect(try await store.commit(late, record(2), replacing: 1, life: long) == .fenced)
        #expect(try await store.commit(second, record(2), replacing: 1, life: long) == .written)
        #expect(try await store.commit(late, record(2), replacing: 1, life: long) == .conflict)
    }

    /// While nobody else has begun to spend, a late result is better than none.
    private func welcomesWhoIsLateButFirst() async throws {
        let name = try await fresh()
        let (late, _) = try #require(try await lease(name, "a", life: .milliseconds(80)))
        #expect(try await store.intend(late, digest: "spent", life: .milliseconds(80)))
        try await letTimePass(.milliseconds(120))
        let (second, _) = try #require(try await lease(name, "b"))
        #expect(try await store.commit(late, record(2), replacing: 1, life: long) == .written)
        #expect(try await !store.intend(second, digest: "spent", life: long))
    }

    private func whatHasEndedStaysSo() async throws {
        let name = try await fresh()
        let (lease, _) = try #require(try await lease(name, "a"))
        try await store.end(name, life: long)
        #expect(try await store.read(name) == nil)
        #expect(try await store.write(name, record(2), replacing: 1, life: long) == .ended)
        #expect(try await store.write(name, record(1), replacing: 0, life: long) == .ended)
        #expect(try await store.commit(lease, record(2), replacing: 1, life: long) == .conflict)
        #expect(try await store.lease(name, owner: "a", life: long) == .noRecord)
    }

    private func tellsOfChanges() async throws {
        let heard = Heard()
        store.listen { heard.add($0) }
        let (silent, loud) = (try await fresh(), try await fresh(true))
        let (lease, _) = try #require(try await lease(loud, "a"))
        #expect(try await store.commit(lease, record(2), replacing: 1, life: long) == .written)
        try await store.end(silent, life: long)
        try await store.end(loud, life: long)
        let expected: [StoreChange] = [
            .written(loud, generation: 1), .written(loud, generation: 2), .ended(loud),
        ]
        while heard.all.count < expected.count { try await Task.sleep(for: .milliseconds(5)) }
        #expect(heard.all == expected)
    }
}

private final class Heard: Sendable {
    private let changes = Mutex<[StoreChange]>([])

    var all: [StoreChange] { changes.withLock { $0 } }

    func add(_ change: StoreChange) {
        if change != .mayHaveMissed { changes.withLock { $0.append(change) } }
    }
}
