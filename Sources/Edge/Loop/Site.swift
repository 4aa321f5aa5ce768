import Basics
import Gate
import TLS

/// One workspace as the data path sees it.
public struct EdgeWorkspace: Sendable {
    public var name: String
    /// The workspace or account whose logins open it.
    public var realm: String
    /// Whether it gives people tokens of its own in exchange for those of their logins.
    public var exchangesTokens = false
    /// Lower-case host names under which clients reach it.
    public var hosts: [String]
    public var upstreamHost: String
    public var upstreamPort: Int
    /// Verifies the workspace's certificate; offers HTTP/1.1 alone.
    public var upstreamTLS: TLSContext
    /// The same, with HTTP/2 offered first.
    public var upstreamTLSWithHTTP2: TLSContext
    public var foreignBearers: ForeignBearerRule
    /// Through which the workspace is reached; directly when absent.
    public var egressProxy: EgressProxy?
    /// Names of its machine clients, of its service principals, and who may act as whom by their places in these.
    public var clients: [String] = []
    public var principals: [String] = []
    public var rules = IdentityRules()
    /// Which machine client shows a certificate with this name.
    public var certificateNames: [String: Int] = [:]

    public init(
        name: String, hosts: [String], upstreamHost: String, upstreamPort: Int, upstreamTLS: TLSContext,
        upstreamTLSWithHTTP2: TLSContext, foreignBearers: ForeignBearerRule, egressProxy: EgressProxy? = nil
    ) {
        self.name = name
        realm = name
        self.hosts = hosts
        self.upstreamHost = upstreamHost
        self.upstreamPort = upstreamPort
        self.upstreamTLS = upstreamTLS
        self.upstreamTLSWithHTTP2 = upstreamTLSWithHTTP2
        self.foreignBearers = foreignBearers
        self.egressProxy = egressProxy
    }

    /// The Host field the workspace expects: its name, and the port unless it is 443.
    var upstreamAuthority: String {
        upstreamPort == 443 ? upstreamHost : "\(upstreamHost):\(upstreamPort)"
    }
}

/// Times after which the data path stops waiting.
public struct EdgeTimes: Sendable {
    /// From the first byte of a request to the end of its head.
    public var head: Duration = .seconds(30)
    /// A client connection without a request, whatever else is said on it.
    public var clientIdle: Duration = .seconds(75)
    /// The same while Lakegate leaves: longer than most clients pause between two requests.
    public var leavingIdle: Duration = .seconds(5)
    /// A client that neither sends what it owes nor takes what it is sent.
    public var clientStall: Duration = .seconds(120)
    /// The least that a client brings of a body that is waited for.
    public var upload = PaceRule(bytesPerSecond: 240, window: .seconds(30))
    /// The least that a client takes of an answer that waits for it.
    public var download = PaceRule(bytesPerSecond: 240, window: .seconds(240))
    /// A request that waits because too many of its workspace are under way.
    public var queue: Duration = .seconds(5)
    /// From the first thought of a connection to the workspace; no address is tried after that.
    public var upstreamConnect: Duration = .seconds(10)
    /// For one address from its TCP connection on: the proxy's answer and TLS.
    public var upstreamHandshake: Duration = .seconds(5)
    /// Between two bytes of the workspace; SQL drivers wait as long. gRPC has none.
    public var upstreamSilence: Duration = .seconds(900)
    /// A pooled connection to a workspace.
    public var upstreamIdle: Duration = .seconds(50)
    /// Silence of a workspace's HTTP/2 connection that carries something, or of a client's that carries gRPC, before the
    /// peer is asked whether it is alive.
    public var pingAfter: Duration = .seconds(30)
    /// How long it may take to answer that.
    public var pingAnswer: Duration = .seconds(15)
    /// How long a workspace that chose HTTP/1.1 is not offered HTTP/2 again.
    public var protocolMemory: Duration = .seconds(600)
    /// A WebSocket on which nobody says anything. Clients send pings far more often.
    public var tunnelIdle: Duration = .seconds(3600)
    /// How long what is left of a request is read and dropped after an early answer.
    public var lingering: Duration = .seconds(5)

    public init() {}
}

/// Sizes beyond which the data path refuses or stops reading.
public struct EdgeLimits: Sendable {
    /// Head of a request or an answer, bytes. Two Entra tokens of 3 KB fit many times over.
    public var head = 65_536
    /// How much of a request's body is kept, so that it can be sent a second time; the most that Lakegate reads for an
    /// answer of its own, bytes.
    public var heldBody = 65_536
    /// Beginning of an answer that is read to judge whether the token was rejected, bytes.
    public var judgedBody = 4_096
    /// Body of a request to a workspace, bytes; any when absent.
    public var body: Int?
    /// What is read and dropped after an early answer, bytes.
    public var lingering = 1_048_576
    /// Idle connections kept to one workspace on one event loop.
    public var pooled = 64
    /// Streams that a client may have open on one HTTP/2 connection.
    public var streams = 128
    /// HTTP/2 connections to one workspace on one event loop; a second only when the first carries all it may.
    public var sharedConnections = 4
    /// Client connections of the process.
    public var connections = Int.max
    /// Of these, from one IPv4 address or one /64 network of IPv6; 0 for any number.
    public var connectionsPerAddress = 1_024
    /// Requests under way to one workspace, in the process.
    public var requests = 4_096
    /// Requests beyond these that wait for one to end, in the process.
    public var queue = 1_024
    /// Memory of the process, bytes, beyond which requests are turned away; 0 for none.
    public var memory = 0

    public init() {}
}
