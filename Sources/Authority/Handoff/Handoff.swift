import Basics
import FoundationEssentials
import Sessions

/// A program's question to a person: may I have a session of yours? Kept sealed, with the answer.
struct Handoff: Sendable {
    /// What the program gets if the answer is yes.
    enum Purpose: String, Codable, Sendable {
        /// What it was given at the start begins to work as a bearer.
        case handle
        /// It fetches tokens at the token endpoint (RFC 8628).
        case device
    }

    enum State: Sendable, Equatable {
        case pending
        case denied
        case confirmed(Confirmation)
        /// The program wants it no more, or has got its tokens.
        case ended
    }

    /// 128 random bits in base64url. Not a secret.
    let id: String
    let purpose: Purpose
    let workspace: String
    /// Name of the program in the configuration, or its client ID.
    let client: String
    /// What the program calls itself or the occasion; may be empty.
    let label: String
    /// The only person who may say yes; anybody if absent.
    let expectedUser: String?
    let code: HandoffCode
    /// SHA-256 of the secret that the program holds.
    let secretDigest: [UInt8]
    let askedAt: Timestamp
    /// How long the program wants the session, at most.
    let lifetime: Duration
    var state = State.pending

    /// When the question is withdrawn.
    var askedUntil: Timestamp { askedAt + Self.patience }

    /// Ten minutes: time for a login with all that belongs to it.
    static let patience = Duration.seconds(600)

    /// Whether a person may still answer.
    func isOpen(at now: Timestamp) -> Bool {
        state == .pending && now < askedUntil
    }

    func isMeant(for person: Person) -> Bool {
        expectedUser.map { $0.lowercased() == person.userName.lowercased() } ?? true
    }
}

/// Who said yes, and what came of it.
struct Confirmation: Sendable, Equatable {
    var session: SessionID
    /// The key of the session that was made for a handle; a device's is made when it fetches its tokens.
    var key: KeyDigest?
    var userName: String
    var endsAt: Timestamp
}
