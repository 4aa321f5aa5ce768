import Basics

/// The right to spend the refresh token of one session: one replica has it, for a while, by the store's clock.
public struct RefreshLease: Sendable, Hashable {
    /// Name of the session's record.
    public let name: RecordName
    /// The replica.
    public let owner: String
    /// Minted by the store: rises with each lease of the session.
    public let fence: UInt64

    public init(name: RecordName, owner: String, fence: UInt64) {
        self.name = name
        self.owner = owner
        self.fence = fence
    }
}

/// What a replica left that was about to spend a refresh token and has not told what came of it.
public struct SpendingTrace: Sendable, Equatable {
    /// Of the refresh token: SHA-256, base64url.
    public let digest: String
    /// Since the intent was written, by the store's clock.
    public let age: Duration

    public init(digest: String, age: Duration) {
        self.digest = digest
        self.age = age
    }
}

/// What the store says to a replica that asks for the lease, with the record as it is at that moment.
public enum LeaseAnswer: Sendable, Equatable {
    case granted(RefreshLease, StoredRecord, SpendingTrace?)
    /// Another replica has it for so long.
    case heldElsewhere(StoredRecord, left: Duration)
    /// There is no record to refresh.
    case noRecord
}

/// What became of a grant that was to be stored under a lease.
public enum CommitOutcome: Sendable, Equatable {
    case written
    /// The record has another generation, or is gone.
    case conflict
    /// Another replica has the lease by now and is spending: what it gets comes first.
    case fenced
}
