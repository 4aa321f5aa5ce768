import Basics

/// A record that was found and opened.
public struct OpenedRecord: Sendable {
    public let generation: UInt64
    public let content: Secret<[UInt8]>
}

/// A record store whose records are sealed on the way in and opened on the way out.
public struct SealedRecords: Sendable {
    let store: any RecordStore
    let keys: KeyringBox
    let random: RandomSource

    public init(store: any RecordStore, keys: KeyringBox, random: RandomSource) {
        self.store = store
        self.keys = keys
        self.random = random
    }

    /// Stores a new record as generation 1. Throws `contended` if the name is taken.
    public func put(_ name: RecordName, _ content: [UInt8], life: Duration) async throws(SessionError) {
        let outcome = try await write(name, content, generation: 1, life: life)
        guard outcome == .written else { throw .contended }
    }

    /// `nil` if there is no such record.
    public func read(_ name: RecordName) async throws(SessionError) -> OpenedRecord? {
        try open(try await asking { () async throws(StoreError) in try await store.read(name) }, name: name)
    }

    /// Reads and removes; of several takers one gets the record.
    public func take(_ name: RecordName) async throws(SessionError) -> [UInt8]? {
        let record = try await asking { () async throws(StoreError) in try await store.take(name) }
        return try open(record, name: name)?.content.reveal()
    }

    /// Replaces generation `generation - 1` (none, for generation 1).
    ///
    /// When the answer is lost, the record is read back: it holds our bytes, nonce included, if it was written.
    public func write(
        _ name: RecordName, _ content: [UInt8], generation: UInt64, life: Duration
    ) async throws(SessionError) -> WriteOutcome {
        let record = StoredRecord(generation: generation, bytes: try close(content, name: name, generation: generation))
        do throws(StoreError) {
            return try await store.write(name, record, replacing: generation - 1, life: life)
        } catch {
            if case .refused = error { throw .store(error) }
            let found = try? await store.read(name)
            guard found == record else { throw .store(error) }
            return .written
        }
    }

    /// Replaces an older generation, or none, that the store has fallen back to.
    func restore(
        _ name: RecordName, _ content: [UInt8], generation: UInt64, replacing expected: UInt64, digest: String,
        life: Duration
    ) async throws(SessionError) -> WriteOutcome {
        let record = StoredRecord(generation: generation, bytes: try close(content, name: name, generation: generation))
        return try await asking { () async throws(StoreError) in
            try await store.restore(name, record, replacing: expected, digest: digest, life: life)
        }
    }

    /// Gives what was there, still sealed.
    func end(_ name: RecordName, life: Duration) async throws(SessionError) -> StoredRecord? {
        try await asking { () async throws(StoreError) in try await store.end(name, life: life) }
    }

    func sessionNames(from place: ListingPlace?) async throws(SessionError) -> NamePage {
        try await asking { () async throws(StoreError) in try await store.sessionNames(from: place) }
    }

    func mayHaveLost(_ name: RecordName) async throws(SessionError) -> Bool {
        try await asking { () async throws(StoreError) in try await store.mayHaveLost(name) }
    }

    func lease(_ name: RecordName, owner: String, life: Duration) async throws(SessionError) -> LeaseAnswer {
        try await asking { () async throws(StoreError) in try await store.lease(name, owner: owner, life: life) }
    }

    /// Like ``write(_:_:generation:life:)``, under a lease.
    func commit(
        _ content: [UInt8], generation: UInt64, under lease: RefreshLease, life: Duration
    ) async throws(SessionError) -> CommitOutcome {
        let bytes = try close(content, name: lease.name, generation: generation)
        let record = StoredRecord(generation: generation, bytes: bytes)
        do throws(StoreError) {
            return try await store.commit(lease, record, replacing: generation - 1, life: life)
        } catch {
            if case .refused = error { throw .store(error) }
            guard (try? await store.read(lease.name)) == record else { throw .store(error) }
            return .written
        }
    }

    private func asking<Answer: Sendable>(
        _ question: () async throws(StoreError) -> Answer
    ) async throws(SessionError) -> Answer {
        do throws(StoreError) {
            return try await question()
        } catch {
            throw .store(error)
        }
    }

    private func close(_ content: [UInt8], name: RecordName, generation: UInt64) throws(SessionError) -> [UInt8] {
        do throws(SealError) {
            return try Seal(keyring: keys.current).close(content, name: name, generation: generation, random: random)
        } catch {
            throw .unreadable("the record could not be sealed")
        }
    }

    private func open(_ record: StoredRecord?, name: RecordName) throws(SessionError) -> OpenedRecord? {
        try record.map { record throws(SessionError) in try opened(record, name: name) }
    }

    func opened(_ record: StoredRecord, name: RecordName) throws(SessionError) -> OpenedRecord {
        do throws(SealError) {
            let seal = Seal(keyring: keys.current)
            let content = try seal.open(record.bytes, name: name, generation: record.generation)
            return OpenedRecord(generation: record.generation, content: Secret(content))
        } catch {
            throw .unreadable("the record does not open with any key of the keyring")
        }
    }
}
