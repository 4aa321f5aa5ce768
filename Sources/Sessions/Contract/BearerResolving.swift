import Basics

/// Finds out what a bearer stands for that is no session token: a signed token, a machine client's key, a handle.
///
/// Asked once for each bearer in a while: event loops remember the answer.
public protocol BearerResolving: Sendable {
    /// Throws only where it can't be found out for now; a bearer that opens nothing is an answer.
    func resolve(_ bearer: Secret<String>, workspace: String) async throws(SessionError) -> ResolvedBearer
}

/// What a bearer stands for, and for how long that may be remembered.
public struct ResolvedBearer: Sendable {
    public enum Meaning: Sendable {
        /// Opens a session as this key of it does.
        case key(SessionID, KeyDigest, KeyKind)
        /// A machine client of the workspace, by its name.
        case machine(String)
        /// Not issued by Lakegate, nor by anybody whom it trusts.
        case foreign
        /// Ours, and good for nothing: its time is over, or it was tampered with. The reason is safe to show.
        case refused(reason: String)
    }

    public let meaning: Meaning
    public let until: Timestamp

    public init(_ meaning: Meaning, until: Timestamp) {
        self.meaning = meaning
        self.until = until
    }
}
