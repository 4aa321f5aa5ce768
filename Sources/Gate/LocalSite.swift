/// A request for something that Lakegate serves itself, under `/.lakegate/`.
public struct LocalRequest: Sendable {
    public var method: String
    /// Path of the target as received, without the query.
    public var path: String
    /// What follows `?`, still percent-encoded; empty when there is none.
    public var query: String
    /// The authority the client used, as in the Host field: name, and port if one was given.
    public var authority: String
    /// Name of the workspace that the host belongs to.
    public var workspace: String
    /// The workspace, or the account, whose logins open it.
    public var realm: String
    /// Header fields in order, names in lower case.
    public var fields: [(name: String, value: String)]
    /// The whole body; at most 64 KiB, longer ones are refused before.
    public var body: [UInt8]
    public var requestID: String
    /// What counts as one client: an IPv4 address, or the network of an IPv6 address. No name of it, and never shown.
    public var client = ""
    /// Name of the machine client whose certificate was verified, where nothing else in the request says who asks.
    public var certifiedClient: String?

    /// The account that the workspace's logins belong to; `nil` where they open this workspace alone.
    public var account: String? { realm == workspace ? nil : realm }

    public init(
        method: String, path: String, query: String, authority: String, workspace: String,
        fields: [(name: String, value: String)], body: [UInt8], requestID: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.authority = authority
        self.workspace = workspace
        realm = workspace
        self.fields = fields
        self.body = body
        self.requestID = requestID
    }
}

/// The answer to a ``LocalRequest``. Content-Length, Date and the request id are added by whoever sends it.
public struct LocalResponse: Sendable {
    public var status: Int
    public var fields: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// What answers requests under `/.lakegate/`.
public protocol LocalSite: Sendable {
    func respond(to request: LocalRequest) async -> LocalResponse

    /// What a browser shows in place of the page that a person asked for; `nil` where there are no pages. Must not block.
    /// `workspace` is `nil` for a host name that belongs to none.
    func page(about refusal: Refusal, workspace: String?, requestID: String) -> LocalResponse?
}

extension LocalSite {
    public func page(about refusal: Refusal, workspace: String?, requestID: String) -> LocalResponse? { nil }
}
