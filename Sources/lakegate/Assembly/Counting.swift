import Authority
import Basics
import Metrics
import Sessions

/// A store that counts its errors by operation.
struct CountedStore: RecordStore {
    let store: any RecordStore
    let errors: Counters<StoreOperation>

    func read(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try await counted(.read) { () async throws(StoreError) in try await store.read(name) }
    }

    func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        try await counted(.write) { () async throws(StoreError) in
            try await store.write(name, record, replacing: expected, life: life)
        }
    }

    func restore(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, digest: String, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        try await counted(.write) { () async throws(StoreError) in
            try await store.restore(name, record, replacing: expected, digest: digest, life: life)
        }
    }

    func end(_ name: RecordName, life: Duration) async throws(StoreError) -> StoredRecord? {
        try await counted(.remove) { () async throws(StoreError) in try await store.end(name, life: life) }
    }

    func lease(_ name: RecordName, owner: String, life: Duration) async throws(StoreError) -> LeaseAnswer {
        try await counted(.lease) { () async throws(StoreError) in
            try await store.lease(name, owner: owner, life: life)
        }
    }

    func ageOfMaster(of name: RecordName) async -> Duration? { await store.ageOfMaster(of: name) }

    func intend(_ lease: RefreshLease, digest: String, life: Duration) async throws(StoreError) -> Bool {
        try await counted(.lease) { () async throws(StoreError) in
            try await store.intend(lease, digest: digest, life: life)
        }
    }

    func commit(
        _ lease: RefreshLease, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> CommitOutcome {
        try await counted(.write) { () async throws(StoreError) in
            try await store.commit(lease, record, replacing: expected, life: life)
        }
    }

    func release(_ lease: RefreshLease, keepingTrace: Bool) async throws(StoreError) {
        try await counted(.lease) { () async throws(StoreError) in
            try await store.release(lease, keepingTrace: keepingTrace)
        }
    }

    func mayHaveLost(_ name: RecordName) async throws(StoreError) -> Bool {
        try await counted(.read) { () async throws(StoreError) in try await store.mayHaveLost(name) }
    }

    func listen(_ tell: @escaping @Sendable (StoreChange) -> Void) {
        store.listen(tell)
    }

    func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try await counted(.take) { () async throws(StoreError) in try await store.take(name) }
    }

    func sessionNames(from place: ListingPlace?) async throws(StoreError) -> NamePage {
        try await counted(.list) { () async throws(StoreError) in try await store.sessionNames(from: place) }
    }

    func ping() async throws(StoreError) {
        try await counted(.ping) { () async throws(StoreError) in try await store.ping() }
    }

    private func counted<Answer: Sendable>(
        _ operation: StoreOperation, _ call: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        do throws(StoreError) {
            return try await call()
        } catch {
            errors.increment(operation)
            throw error
        }
    }
}

/// A refresher that counts what became of each refresh.
struct CountedRefresher: TokenRefresher {
    let refresher: any TokenRefresher
    let metrics: MetricsRegistry
    let workspaces: [String: WorkspaceIndex]

    func refresh(
        workspace: String, client: String?, refreshToken: Secret<String>, within time: Duration
    ) async throws(RefreshFailure) -> TokenGrant {
        let index = workspaces[workspace] ?? .unknown
        do throws(RefreshFailure) {
            let grant = try await refresher.refresh(
                workspace: workspace, client: client, refreshToken: refreshToken, within: time)
            metrics.refreshes.increment(index, .renewed)
            return grant
        } catch {
            switch error {
            case .grantIsDead: metrics.refreshes.increment(index, .rejected)
            case .passing, .answerLost, .otherClient: metrics.refreshes.increment(index, .failed)
            }
            throw error
        }
    }

    func speaks(for client: String?, workspace: String) -> Bool {
        refresher.speaks(for: client, workspace: workspace)
    }
}

extension LoginEnding {
    /// The same as a label of the metrics.
    var label: LoginOutcome {
        switch self {
        case .completed: .completed
        case .denied: .denied
        case .unknown: .expired
        case .failed: .failed
        }
    }
}
