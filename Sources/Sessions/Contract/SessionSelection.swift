/// Which sessions are meant: those that fit everything that is said. One that says nothing means all.
public struct SessionSelection: Sendable, Equatable {
    /// As in ``Person/userName``, capitals or not: workspaces make no difference.
    public var userName: String?
    /// As in ``Person/id``.
    public var personID: String?
    /// As in ``Session/workspace``, exactly.
    public var workspace: String?

    public init(userName: String? = nil, personID: String? = nil, workspace: String? = nil) {
        self.userName = userName
        self.personID = personID
        self.workspace = workspace
    }

    package func fits(_ session: Session) -> Bool {
        (userName.map { $0.lowercased() == session.person.userName.lowercased() } ?? true)
            && (personID.map { $0 == session.person.id } ?? true)
            && (workspace.map { $0 == session.workspace } ?? true)
    }
}

/// What became of an attempt to end all sessions of a selection.
public struct EndReport: Sendable, Equatable {
    public var ended = 0
    /// Records that do not open with the keyring: nobody can say whose they are, and they were left alone.
    public var unreadable = 0
    /// Why not all were looked at. What counts as ended has ended all the same.
    public var problem: SessionError?

    public init(ended: Int = 0, unreadable: Int = 0, problem: SessionError? = nil) {
        self.ended = ended
        self.unreadable = unreadable
        self.problem = problem
    }
}

/// Sessions of a selection, the eldest first.
public struct SessionListing: Sendable, Equatable {
    public var sessions: [SessionOutline] = []
    /// Records that do not open with the keyring: nobody can say whose they are.
    public var unreadable: [SessionID] = []
    /// There are more than were asked for.
    public var isCut = false

    public init() {}
}
