import Basics

/// Changes that people ask for: beginning, adding and removing keys, ending.
extension SessionKeeper {
    public func begin(
        workspace: String, person: Person, grant: TokenGrant, lifetime: Duration
    ) async throws(SessionError) -> IssuedKey {
        let now = parts.clock.now()
        var endsAt = now + lifetime
        if grant.refreshToken == nil { endsAt = min(endsAt, grant.expiresAt) }
        let id = SessionID.random(parts.random)
        let (key, token) = try makeKey(for: id, kind: .browser, label: "", endsAt: endsAt)
        let session = Session(
            id: id, workspace: workspace, person: person, createdAt: now, endsAt: endsAt, generation: 1,
            grant: grant, keys: [key], standing: .active, grantGeneration: 1)
        guard try await records.write(session, now: now) == .written else { throw .contended }
        keep(session, isChange: true)
        parts.report(.begun(id))
        return IssuedKey(token: token, session: session)
    }

    public func addKey(
        to id: SessionID, kind: KeyKind, label: String, lifetime: Duration
    ) async throws(SessionError) -> IssuedKey {
        let now = parts.clock.now()
        let (key, token) = try makeKey(for: id, kind: kind, label: String(label.prefix(80)), endsAt: now + lifetime)
        let session = try await edit(id) { session in
            guard session.keys.count < SessionKeeper.keysPerSession else { return false }
            var key = key
            key.endsAt = min(key.endsAt, session.endsAt)
            session.keys.removeAll { $0.endsAt <= now }
            session.keys.append(key)
            return true
        }
        guard session.keys.contains(where: { $0.digest == key.digest }) else { throw .contended }
        return IssuedKey(token: token, session: session)
    }

    public func removeKey(_ digest: KeyDigest, from id: SessionID) async throws(SessionError) {
        let session = try await edit(id) { session in
            session.keys.removeAll { $0.digest == digest }
            return true
        }
        if session.keys.isEmpty { try await end(id) }
    }

    @discardableResult
    public func end(_ id: SessionID) async throws(SessionError) -> Bool {
        try await end(id, endsAt: nil)
    }

    /// - Parameter endsAt: When the session would have ended, if that is known.
    func end(_ id: SessionID, endsAt: Timestamp?) async throws(SessionError) -> Bool {
        let held = state.withLock { $0.held[id]?.session }
        let life = (held?.endsAt ?? endsAt)?.since(parts.clock.now()) ?? parts.limits.longestLife
        let stored = try await records.end(id, life: life)
        noteEnd(id)
        revoke(id, stored: stored, held: held)
        return stored != nil || held != nil
    }

    /// A store that has fallen back may have had an older grant than this process.
    private func revoke(_ id: SessionID, stored: StoredRecord?, held: Session?) {
        let opened = stored.flatMap { try? records.session($0, id: id) }
        if stored != nil, opened == nil, held == nil { return revocations.isImpossible(id) }
        guard let newest = [opened, held].compactMap({ $0 }).max(by: { $0.generation < $1.generation }) else { return }
        revoke(newest.grant, of: newest)
    }

    func revoke(_ grant: TokenGrant, of session: Session) {
        guard let token = grant.refreshToken else { return }
        revocations.add(session.id, workspace: session.workspace, client: grant.clientID, token: token)
    }

    /// So that nobody makes a record grow without bound.
    static let keysPerSession = 100

    private func makeKey(
        for id: SessionID, kind: KeyKind, label: String, endsAt: Timestamp
    ) throws(SessionError) -> (SessionKey, Secret<String>) {
        var secret = parts.random.bytes(SessionToken.secretSize)
        defer { wipe(&secret) }
        guard let digest = KeyDigest(bytes: Digest.sha256(secret)) else {
            throw .unreadable("the crypto library does not work")
        }
        let now = parts.clock.now()
        let key = SessionKey(digest: digest, kind: kind, label: label, createdAt: now, endsAt: endsAt)
        return (key, Secret(SessionToken.text(id: id, secret: secret)))
    }

    /// Reads, changes and writes back, again if somebody else wrote in between. `change` says whether to write.
    private func edit(
        _ id: SessionID, _ change: @Sendable (inout Session) -> Bool
    ) async throws(SessionError) -> Session {
        for _ in 0..<parts.limits.editAttempts {
            guard var session = try await current(id) else { throw .unknownSession }
            session.generation += 1
            guard change(&session) else { return session }
            if try await records.write(session, now: parts.clock.now()) == .written {
                return keep(session, isChange: true)
            }
        }
        throw .contended
    }
}
