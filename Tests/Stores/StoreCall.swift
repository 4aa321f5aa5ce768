import Sessions
import Testing

/// Each thing that a store can be asked for, with whatever arguments.
enum StoreCall: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case read, write, restore, end, lease, intend, commit, release, take, mayHaveLost

    var testDescription: String { rawValue }

    func make(of store: any RecordStore) async throws(StoreError) {
        let name = RecordName("lakegate:{one}:session", isAnnounced: true)
        let record = StoredRecord(generation: 2, bytes: [1])
        let (lease, life) = (RefreshLease(name: name, owner: "me", fence: 1), Duration.seconds(60))
        switch self {
        case .read: _ = try await store.read(name)
        case .write: _ = try await store.write(name, record, replacing: 1, life: life)
        case .restore: _ = try await store.restore(name, record, replacing: 1, digest: "d", life: life)
        case .end: try await store.end(name, life: life)
        case .lease: _ = try await store.lease(name, owner: "me", life: life)
        case .intend: _ = try await store.intend(lease, digest: "d", life: life)
        case .commit: _ = try await store.commit(lease, record, replacing: 1, life: life)
        case .release: try await store.release(lease, keepingTrace: true)
        case .mayHaveLost: _ = try await store.mayHaveLost(name)
        case .take: _ = try await store.take(name)
        }
    }
}
