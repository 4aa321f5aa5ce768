import Basics
import Sessions

/// What a person says to a program's question.
extension Handoffs {
    enum Settled: Sendable {
        case done(Handoff)
        /// Answered, withdrawn or run out in the meantime.
        case tooLate
    }

    func deny(_ found: Found) async throws(SessionError) -> Settled {
        guard found.handoff.isOpen(at: outside.clock.now()) else { return .tooLate }
        guard try await change(found, to: .denied) else { return .tooLate }
        return .done(found.handoff)
    }

    /// Gives the program a key of the person's session. Whoever calls it has made sure that the person may and wants to.
    func confirm(_ found: Found, by session: Session) async throws(SessionError) -> Settled {
        let now = outside.clock.now()
        guard found.handoff.isOpen(at: now), found.handoff.isMeant(for: session.person) else { return .tooLate }
        let life = min(found.handoff.lifetime, session.endsAt.since(now))
        let key = found.handoff.purpose == .handle ? try await addKey(for: found.handoff, to: session.id, life) : nil
        let answer = Confirmation(
            session: session.id, key: key?.digest, userName: session.person.userName, endsAt: key?.endsAt ?? now + life)
        do {
            if try await change(found, to: .confirmed(answer)) {
                var handoff = found.handoff
                handoff.state = .confirmed(answer)
                return .done(handoff)
            }
        } catch {
            // It may have been written all the same; the key that it speaks of must not stay behind unseen.
            try await removeKey(key, from: session.id)
            throw error
        }
        try await removeKey(key, from: session.id)
        return .tooLate
    }

    /// The program, or the person in its place, wants it no more. The browser's own key stays.
    func end(_ found: Found) async throws(SessionError) {
        if case .confirmed(let answer) = found.handoff.state, let key = answer.key {
            do {
                try await keeper.removeKey(key, from: answer.session)
            } catch .unknownSession {
                // Ended already, and all its keys with it.
            }
        }
        guard found.handoff.state != .ended else { return }
        guard try await change(found, to: .ended) else { throw .contended }
    }

    /// The token of the key is forgotten at once: the program's own secret stands for it.
    private func addKey(
        for handoff: Handoff, to id: SessionID, _ life: Duration
    ) async throws(SessionError) -> SessionKey? {
        let label = handoff.label.isEmpty ? handoff.client : "\(handoff.client): \(handoff.label)"
        let issued = try await keeper.addKey(to: id, kind: .handle, label: label, lifetime: life)
        let digest = outside.read(issued.token.reveal())?.digest
        return issued.session.keys.first { $0.digest == digest }
    }

    private func removeKey(_ key: SessionKey?, from id: SessionID) async throws(SessionError) {
        guard let key else { return }
        try await keeper.removeKey(key.digest, from: id)
    }
}
