import Basics

/// A ``LeaseAnswer`` with the record opened.
enum SessionLeaseAnswer {
    case granted(RefreshLease, Session, SpendingTrace?)
    case heldElsewhere(Session, left: Duration)
    case noRecord
}

// Refreshing under a lease.
extension SessionRecords {
    func lease(_ id: SessionID, owner: String, life: Duration) async throws(SessionError) -> SessionLeaseAnswer {
        switch try await records.lease(.session(id), owner: owner, life: life) {
        case .noRecord: .noRecord
        case .heldElsewhere(let record, let left): .heldElsewhere(try session(record, id: id), left: left)
        case .granted(let lease, let record, let trace): .granted(lease, try session(record, id: id), trace)
        }
    }

    /// Writes over the generation before the session's, and gives the lease back.
    func commit(
        _ session: Session, under lease: RefreshLease, now: Timestamp
    ) async throws(SessionError) -> CommitOutcome {
        var content = try SessionCodec.encode(session)
        defer { wipe(&content) }
        let life = max(session.endsAt.since(now), .milliseconds(1))
        return try await records.commit(content, generation: session.generation, under: lease, life: life)
    }

    func session(_ record: StoredRecord, id: SessionID) throws(SessionError) -> Session {
        try session(try records.opened(record, name: .session(id)), id: id)
    }
}

extension SpendingTrace {
    /// Tells one refresh token from another without telling anything of it.
    static func digest(of token: Secret<String>) -> String {
        Base64URL.encode(Digest.sha256(Array(token.reveal().utf8)))
    }

    /// The age if this token is meant. What was to be spent before has no bearing on it.
    func age(ifOf token: Secret<String>?) -> Duration? {
        guard let token, SpendingTrace.digest(of: token) == digest else { return nil }
        return age
    }
}
