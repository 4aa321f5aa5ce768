import Basics

/// The full name of a stored record, namespace included; it is also the associated data of the record's seal.
///
/// All records of one session share the part in braces, so that Redis Cluster keeps them in one slot.
public struct RecordName: Hashable, Sendable {
    public let text: String
    /// Whether other replicas are told of changes.
    public let isAnnounced: Bool

    public init(_ text: String, isAnnounced: Bool = false) {
        self.text = text
        self.isAnnounced = isAnnounced
    }
}

/// Sealed bytes and the generation they belong to. Generations of one name only rise, starting at 1.
public struct StoredRecord: Sendable, Hashable {
    public let generation: UInt64
    public let bytes: [UInt8]

    public init(generation: UInt64, bytes: [UInt8]) {
        self.generation = generation
        self.bytes = bytes
    }
}

/// What became of a compare-and-set write.
public enum WriteOutcome: Sendable, Equatable {
    case written
    /// Somebody else wrote first; `current` is the stored generation, 0 if there is no record.
    case conflict(current: UInt64)
    /// The record was ended for good.
    case ended
}

/// Why a store could not answer. None of these means "no such record".
public enum StoreError: Error, Sendable, Equatable {
    /// Not connected, connection lost, or the server is starting up. Safe to retry.
    case unavailable(String)
    /// No answer in time. A write may or may not have happened.
    case timedOut
    /// The server answered with something that makes no sense here, or refused the command.
    case refused(String)
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let reason), .refused(let reason): reason
        case .timedOut: "no answer in time"
        }
    }
}

/// Where sealed records are kept. Redis in production, a dictionary for one process alone.
public protocol RecordStore: Sendable {
    func read(_ name: RecordName) async throws(StoreError) -> StoredRecord?

    /// Writes `record` if the stored generation is `expected` (0: nothing stored) and lets it expire after `life`.
    func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> WriteOutcome

    /// Like ``write(_:_:replacing:life:)``, for a record that the store has lost: whoever was spending its token may be at it
    /// still, so that an intent is written beside it.
    ///
    /// - Parameter digest: Of the refresh token.
    func restore(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, digest: String, life: Duration
    ) async throws(StoreError) -> WriteOutcome

    /// Removes a record and sees to it that nobody writes it again for `life`. Gives what was there.
    @discardableResult
    func end(_ name: RecordName, life: Duration) async throws(StoreError) -> StoredRecord?

    /// Gives the lease of a record to `owner` for `life`, unless another one has it.
    func lease(_ name: RecordName, owner: String, life: Duration) async throws(StoreError) -> LeaseAnswer

    /// For how long the server that keeps a record has been the one to write to: what another one was told just before, or goes
    /// on granting for a moment, is not known there.
    ///
    /// - Returns: `nil` if nothing is known, or if no server takes the place of another.
    func ageOfMaster(of name: RecordName) async -> Duration?

    /// Writes down durably that a refresh token is about to be spent; the lease lives for `life` from here.
    ///
    /// - Parameter digest: Of the token.
    /// - Returns: `false` if the lease was lost.
    func intend(_ lease: RefreshLease, digest: String, life: Duration) async throws(StoreError) -> Bool

    /// Writes what came of it if the stored generation is `expected`, and gives the lease back.
    func commit(
        _ lease: RefreshLease, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> CommitOutcome

    /// Gives a lease back, and takes the intent away unless the token may have been spent.
    func release(_ lease: RefreshLease, keepingTrace: Bool) async throws(StoreError)

    /// Whether a record that is absent may only be lost, as it is for a while after the store has lost data. Whoever holds it is
    /// asked to give it back.
    func mayHaveLost(_ name: RecordName) async throws(StoreError) -> Bool

    /// Tells of changes to announced records from here on, this process's own included; from any thread.
    func listen(_ tell: @escaping @Sendable (StoreChange) -> Void)

    /// Reads and removes in one step, so that of several takers one gets it.
    func take(_ name: RecordName) async throws(StoreError) -> StoredRecord?

    /// Some of the names of session records, and where to go on; what ended lately may be among them, and a name may come
    /// twice. Whoever goes on until there is nothing more has met each record that was there all the time.
    ///
    /// - Parameter place: `nil` at the start.
    func sessionNames(from place: ListingPlace?) async throws(StoreError) -> NamePage

    /// Succeeds when the store answers.
    func ping() async throws(StoreError)
}
