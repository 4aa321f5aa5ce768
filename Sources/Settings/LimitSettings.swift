/// How much is asked of one process, and how long it waits for others.
public struct LimitSettings: Sendable, Equatable {
    /// Client connections at once; by default what the limit of open files leaves room for.
    public var connections: Int?
    /// Of these, from one IPv4 address or one /64 network of IPv6; 0 for any number.
    public var connectionsPerAddress = 1_024
    /// A client connection without a request, 1 s ... 1 hour.
    public var clientIdle: Duration = .seconds(75)
    /// Bytes a second that a client brings of a body, or takes of an answer, at the least; 0 for none.
    public var uploadRate = 240
    public var downloadRate = 240
    /// Body of a request to a workspace, bytes; any by default.
    public var body: Int?
    /// Between two bytes of a workspace, 1 s ... 1 day.
    public var upstreamSilence: Duration = .seconds(900)
    /// Requests under way to one workspace.
    public var requests = 4_096
    /// Requests beyond these that wait, and for how long.
    public var queue = 1_024
    public var queueTime: Duration = .seconds(5)
    public var memory = MemoryLimit.share(percent: 80)

    public init() {}
}

/// Memory of the process beyond which requests are turned away.
public enum MemoryLimit: Sendable, Equatable {
    /// Of what the container or else the machine has.
    case share(percent: Int)
    case bytes(Int)
    case off
}
