import Basics
import Sessions

/// Hand-offs in the store: asked for, found by the id or the code, and answered once.
struct Handoffs: Sendable {
    let store: any HandoffStore
    let keeper: any SessionKeeping
    let outside: AuthorityOutside

    /// A hand-off with the generation it was read at.
    struct Found: Sendable {
        var handoff: Handoff
        var generation: UInt64
    }

    /// Keeps what a program asks for, under its id and its code.
    func begin(_ question: HandoffQuestion) async throws(SessionError) -> BegunHandoff {
        let secret = HandoffSecret.make(random: outside.random)
        let handoff = Handoff(
            id: secret.id, purpose: question.purpose, workspace: question.workspace, client: question.client,
            label: question.label, expectedUser: question.expectedUser, code: HandoffCode(random: outside.random),
            secretDigest: outside.sha256(secret.secret.reveal()), askedAt: outside.clock.now(),
            lifetime: question.lifetime)
        let pointer = Secret(Array(handoff.id.utf8))
        // A code that is taken is a matter of chance, one in a million with 25,000 pending: then the program asks again.
        try await store.put(name(of: handoff.code, at: handoff.workspace), pointer, life: Handoff.patience)
        try await store.put(name(of: handoff.id), handoff.bytes, life: Handoff.patience + Self.afterlife)
        return BegunHandoff(handoff: handoff, secret: secret.text(handoff.purpose))
    }

    func find(id: String) async throws(SessionError) -> Found? {
        guard HandoffSecret.isID(id), let kept = try await store.read(name(of: id)) else { return nil }
        guard let handoff = Handoff(bytes: kept.bytes) else {
            throw .unreadable("the record opens, but is not a hand-off that this version can read")
        }
        return Found(handoff: handoff, generation: kept.generation)
    }

    /// `nil` if no program of this workspace shows this code.
    func find(code: HandoffCode, at workspace: String) async throws(SessionError) -> Found? {
        guard let pointer = try await store.read(name(of: code, at: workspace)) else { return nil }
        let found = try await find(id: String(decoding: pointer.bytes.reveal(), as: UTF8.self))
        guard let found, found.handoff.workspace == workspace, found.handoff.code == code else { return nil }
        return found
    }

    /// The one that a program holds the secret of; `nil` for any other text.
    func find(secret text: String, purpose: Handoff.Purpose, at workspace: String) async throws(SessionError) -> Found?
    {
        guard let presented = HandoffSecret(text, purpose: purpose), let found = try await find(id: presented.id) else {
            return nil
        }
        let digest = outside.sha256(presented.secret.reveal())
        guard constantTimeEqual(digest, found.handoff.secretDigest), found.handoff.purpose == purpose,
            found.handoff.workspace == workspace
        else { return nil }
        return found
    }

    /// Whether the change was made: `false` if somebody else made one since the hand-off was read.
    func change(_ found: Found, to state: Handoff.State) async throws(SessionError) -> Bool {
        var handoff = found.handoff
        handoff.state = state
        return try await store.replace(
            name(of: handoff.id), after: found.generation, handoff.bytes, life: life(of: handoff))
    }

    /// Past its end, so that whoever asks is told about that rather than nothing.
    private func life(of handoff: Handoff) -> Duration {
        var end = handoff.askedUntil
        if case .confirmed(let answer) = handoff.state { end = max(end, answer.endsAt) }
        return max(end.since(outside.clock.now()), .zero) + Self.afterlife
    }

    private func name(of id: String) -> String {
        Base64URL.encode(outside.sha256(Array("lakegate hand-off\0\(id)".utf8)))
    }

    private func name(of code: HandoffCode, at workspace: String) -> String {
        Base64URL.encode(outside.sha256(Array("lakegate hand-off code\0\(workspace)\0\(code.letters)".utf8)))
    }

    private static let afterlife = Duration.seconds(3600)
}

/// What a program asks for.
struct HandoffQuestion: Sendable {
    var purpose: Handoff.Purpose
    var workspace: String
    var client: String
    var label: String
    var expectedUser: String?
    var lifetime: Duration
}

/// A hand-off that was just asked for, and the secret that is given away once.
struct BegunHandoff: Sendable {
    var handoff: Handoff
    var secret: Secret<String>
}
