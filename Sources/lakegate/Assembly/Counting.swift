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

    func remove(_ name: RecordName) async throws(StoreError) {
        try await counted(.remove) { () async throws(StoreError) in try await store.remove(name) }
    }

    func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try await counted(.take) { () async throws(StoreError) in try await store.take(name) }
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

    func refresh(workspace: String, refreshToken: Secret<String>) async throws(RefreshFailure) -> TokenGrant {
        let index = workspaces[workspace] ?? .unknown
        do throws(RefreshFailure) {
            let grant = try await refresher.refresh(workspace: workspace, refreshToken: refreshToken)
            metrics.refreshes.increment(index, .renewed)
            return grant
        } catch {
            switch error {
            case .grantIsDead: metrics.refreshes.increment(index, .rejected)
            case .passing: metrics.refreshes.increment(index, .failed)
            }
            throw error
        }
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
