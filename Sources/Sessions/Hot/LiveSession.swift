import Basics

/// What one event loop needs to know of a session to let requests through: its own copy, never shared between threads.
public final class LiveSession {
    public let id: SessionID
    public let generation: UInt64
    /// The whole value of the header that is injected: `Bearer` and the access token.
    public private(set) var authorization: [UInt8]
    public let userName: String
    public let userNameBytes: [UInt8]
    public let groups: Membership
    public let workspace: String
    public let endsAt: Timestamp
    public let accessExpiresAt: Timestamp
    /// From here on answers say when the session ends.
    public let noticeFrom: Timestamp
    let standing: SessionStanding
    let keys: [SessionKey]
    var slot: Int
    /// Found since the eviction hand last came by.
    var isRecent = false
    /// When use is to be reported next; zero before the first report.
    private var reportDueAt: Timestamp
    private let staleness: Duration
    /// There once the workspace has rejected a token.
    private(set) var replacement: TokenReplacement?

    init(_ session: Session, slot: Int, staleness: Duration, notice: Duration) {
        id = session.id
        generation = session.generation
        authorization = Array("Bearer \(session.grant.accessToken.reveal())".utf8)
        userName = session.person.userName
        userNameBytes = Array(session.person.userName.utf8)
        groups = session.person.groups
        workspace = session.workspace
        endsAt = session.endsAt
        accessExpiresAt = session.grant.expiresAt
        noticeFrom = notice > .zero ? session.endsAt - notice : Timestamp(milliseconds: .max)
        standing = session.standing
        keys = session.keys
        self.slot = slot
        self.staleness = staleness
        reportDueAt = Timestamp(milliseconds: 0)
    }

    // Wiped here and not at eviction: a request on its way may still hold the entry.
    deinit {
        wipe(&authorization)
    }

    /// True once in a while: then the use of the session is to be reported with ``SessionKeeping/touch(_:)``, which has it
    /// compared with the store.
    public func isUseReportDue(at now: Timestamp) -> Bool {
        guard now >= reportDueAt else { return false }
        reportDueAt = now + staleness
        return true
    }

    /// Whether it is worth asking for another token, now that the workspace rejects this one. Call it once for each rejection.
    public func mayReplaceToken(at now: Timestamp) -> Bool {
        let replacement = replacement ?? TokenReplacement()
        self.replacement = replacement
        return replacement.mayReplace(generation, at: now)
    }

    /// What was learned of the former tokens of the same session.
    func inherit(from older: LiveSession) {
        isRecent = older.isRecent
        replacement = older.replacement
    }

    /// When the key that matches ends; `nil` if none does.
    func endOfKey(_ digest: KeyDigest, kind: KeyKind) -> Timestamp? {
        for index in keys.indices where keys[index].digest == digest && keys[index].kind == kind {
            return keys[index].endsAt
        }
        return nil
    }
}

extension LiveSession: CustomStringConvertible, CustomReflectable {
    public var description: String { "live session \(id.text), generation \(generation)" }
    public var customMirror: Mirror { Mirror(self, children: ["id": id.text, "generation": generation]) }
}
