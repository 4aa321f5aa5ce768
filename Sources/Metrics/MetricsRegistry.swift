/// Everything Lakegate counts. Counting waits for nothing and allocates nothing.
public struct MetricsRegistry: Sendable {
    public let requests: WorkspaceCounters<RequestOutcome>
    public let requestDuration: LatencyHistogram
    public let logins: WorkspaceCounters<LoginOutcome>
    public let refreshes: WorkspaceCounters<RefreshOutcome>
    public let principalTokens: WorkspaceCounters<RefreshOutcome>
    public let exchangedTokens: WorkspaceCounters<RefreshOutcome>
    public let revocations: WorkspaceCounters<RevocationOutcome>
    public let storeErrors = Counters<StoreOperation>()
    /// Writes that hold, though fewer replicas of the store have them than shall.
    public let storeUnacknowledged = Gauge()
    public let openConnections = Gauges<ConnectionSide>()
    public let sessionsCached = Gauge()
    /// Connections closed at once, since their client had as many as it may.
    public let connectionsTurnedAway = Gauge()
    /// 1 for the reason for which no connections are accepted.
    public let acceptPaused = Gauges<AcceptPause>()
    /// Which keyring is in use: `active` and `fingerprint`.
    public let keyring = Fact()
    /// Bytes.
    public let residentMemory = Gauge()

    /// Label values by ``WorkspaceIndex``: the unknown one, then those of the settings.
    let workspaces: [String]
    let version: String
    let startSeconds: Int

    /// - Parameters:
    ///   - workspaces: Names in the order of the settings.
    ///   - startSeconds: When the process started, in seconds since 1970.
    public init(workspaces: [String], version: String, startSeconds: Int) {
        self.workspaces = ["-"] + workspaces
        self.version = version
        self.startSeconds = startSeconds
        requests = WorkspaceCounters(workspaces: self.workspaces.count)
        requestDuration = LatencyHistogram(workspaces: self.workspaces.count)
        logins = WorkspaceCounters(workspaces: self.workspaces.count)
        refreshes = WorkspaceCounters(workspaces: self.workspaces.count)
        principalTokens = WorkspaceCounters(workspaces: self.workspaces.count)
        exchangedTokens = WorkspaceCounters(workspaces: self.workspaces.count)
        revocations = WorkspaceCounters(workspaces: self.workspaces.count)
    }
}
