import Basics

/// Sessions in and out of sealed records.
struct SessionRecords: Sendable {
    let records: SealedRecords

    func read(_ id: SessionID) async throws(SessionError) -> Session? {
        try await records.read(.session(id)).map { record throws(SessionError) in try session(record, id: id) }
    }

    /// Throws unless a session that was not found is certain not to be anywhere.
    func confirmAbsence(_ id: SessionID) async throws(SessionError) {
        guard try await records.mayHaveLost(.session(id)) else { return }
        throw .store(.unavailable("the store has lost data that others may give back"))
    }

    func session(_ record: OpenedRecord, id: SessionID) throws(SessionError) -> Session {
        var content = record.content.reveal()
        defer { wipe(&content) }
        return try SessionCodec.decode(content, id: id, generation: record.generation)
    }

    /// Writes over the generation before the session's; the record lives until the session ends.
    func write(_ session: Session, now: Timestamp) async throws(SessionError) -> WriteOutcome {
        var content = try SessionCodec.encode(session)
        defer { wipe(&content) }
        let life = max(session.endsAt.since(now), .milliseconds(1))
        return try await records.write(.session(session.id), content, generation: session.generation, life: life)
    }

    /// Gives a store that has lost it the session again, over the generation it has fallen back to (0: none).
    func restore(
        _ session: Session, over generation: UInt64, now: Timestamp
    ) async throws(SessionError) -> WriteOutcome {
        var content = try SessionCodec.encode(session)
        defer { wipe(&content) }
        let digest = session.grant.refreshToken.map { SpendingTrace.digest(of: $0) } ?? ""
        let life = max(session.endsAt.since(now), .milliseconds(1))
        return try await records.restore(
            .session(session.id), content, generation: session.generation, replacing: generation, digest: digest,
            life: life)
    }

    /// Removes the record for good: nobody writes it again while the session could have lived. Gives it, still sealed.
    func end(_ id: SessionID, life: Duration) async throws(SessionError) -> StoredRecord? {
        try await records.end(.session(id), life: max(life, .milliseconds(1)))
    }
}
