import Basics

/// Sessions in and out of sealed records.
struct SessionRecords: Sendable {
    let records: SealedRecords

    func read(_ id: SessionID) async throws(SessionError) -> Session? {
        guard let record = try await records.read(.session(id)) else { return nil }
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

    func remove(_ id: SessionID) async throws(SessionError) {
        try await records.remove(.session(id))
    }
}
