/// What the admin listener asks for on behalf of administrators; whoever knows sessions does it.
public protocol SessionAdministering: Sendable {
    func list(_ query: SessionQuery) async -> SessionReply

    /// The query names at least one thing.
    func end(_ query: SessionQuery) async -> SessionReply
}

/// Which sessions are meant: one by its id, or all that fit what is said.
public struct SessionQuery: Sendable, Equatable {
    public let session: String?
    public let user: String?
    public let workspace: String?

    public init(session: String? = nil, user: String? = nil, workspace: String? = nil) {
        self.session = session
        self.user = user
        self.workspace = workspace
    }
}

/// The answer to an administrator. JSON is that of the answer's body.
public enum SessionReply: Sendable, Equatable {
    case done(json: String)
    /// What was asked for can't be; the text says why.
    case mistake(String)
    /// The store did not do it, or not all of it; the JSON says how far it got.
    case storeFailed(json: String)
}
