import Basics

/// Why a session operation failed. An unknown session is `nil` or `.unknownSession`, never a store error.
public enum SessionError: Error, Sendable, Equatable {
    case store(StoreError)
    /// The record is there and does not open: wrong key, moved or tampered with.
    case unreadable(String)
    case unknownSession
    /// Lost against other writers several times in a row. Safe to retry.
    case contended
    /// The refresh did not succeed for now; the session is kept.
    case refreshFailed(String, retryAfter: Duration?)
    /// A person has to log in again. The reason is safe to show.
    case loginNeeded(reason: String)
}

/// What a person or an SDK presents, in full. Shown once, never stored.
public struct IssuedKey: Sendable {
    public let token: Secret<String>
    public let session: Session

    public init(token: Secret<String>, session: Session) {
        self.token = token
        self.session = session
    }
}

/// Creates, loads, refreshes and ends sessions. The only writer of session records in this process.
public protocol SessionKeeping: Sendable {
    /// A new session with one browser key.
    func begin(
        workspace: String, person: Person, grant: TokenGrant, lifetime: Duration
    ) async throws(SessionError) -> IssuedKey

    /// Reads a session from the store, once for all who ask at the same time; `nil` if there is none.
    func load(_ id: SessionID) async throws(SessionError) -> Session?

    /// A session whose access token is newer than that of `generation`: refreshed now, by one flight for all
    /// who ask, or already refreshed by somebody else.
    func renew(_ id: SessionID, after generation: UInt64) async throws(SessionError) -> Session

    /// Adds a key. Its label is cut after 80 characters, its life at the end of the session.
    func addKey(
        to id: SessionID, kind: KeyKind, label: String, lifetime: Duration
    ) async throws(SessionError) -> IssuedKey

    /// Removes one key; the session ends with its last one.
    func removeKey(_ digest: KeyDigest, from id: SessionID) async throws(SessionError)

    /// Ends the session and all its keys. Whether there was one; if there was none, none comes back from anywhere.
    @discardableResult
    func end(_ id: SessionID) async throws(SessionError) -> Bool

    /// Ends all sessions of a selection. One that begins meanwhile may be missed.
    func end(all selection: SessionSelection) async -> EndReport

    /// Sessions of a selection, no more than `limit`. Every record of the store is looked at.
    func list(_ selection: SessionSelection, limit: Int) async throws(SessionError) -> SessionListing

    func observe(_ observer: any SessionObserver)

    /// Says that a session is in use, so that it goes on being refreshed and is compared with the store now and then.
    /// Cheap, but not for every request: see ``LiveSession/isUseReportDue(at:)``.
    func touch(_ id: SessionID)
}

extension SessionKeeping {
    public func touch(_ id: SessionID) {}

    /// Adds a key for an SDK or driver.
    public func addKey(to id: SessionID, label: String, lifetime: Duration) async throws(SessionError) -> IssuedKey {
        try await addKey(to: id, kind: .token, label: label, lifetime: lifetime)
    }
}
