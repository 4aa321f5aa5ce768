import Metrics
import NIOCore

/// What the data path counts, under the indices it works with.
public final class EdgeMetrics: Sendable {
    private let registry: MetricsRegistry

    public init(_ registry: MetricsRegistry) {
        self.registry = registry
    }

    /// `workspace` is `nil` for a request that named none we know.
    func requestEnded(workspace: Int?, outcome: RequestOutcome, elapsed: TimeAmount) {
        let index = workspace.map { WorkspaceIndex($0) } ?? .unknown
        registry.requests.increment(index, outcome)
        registry.requestDuration.observe(index, nanoseconds: Int(elapsed.nanoseconds))
    }

    /// An event loop holds so many more sessions than when it last said so.
    func sessionsCached(changedBy difference: Int) {
        registry.sessionsCached.add(difference)
    }

    func opened(_ side: ConnectionSide) {
        registry.openConnections.increment(side)
    }

    func closed(_ side: ConnectionSide) {
        registry.openConnections.decrement(side)
    }
}

extension RequestOutcome {
    /// The same as the metrics' label, without building it for every line.
    var logName: String {
        switch self {
        case .forwarded: "forwarded"
        case .served: "served"
        case .loginStarted: "login_started"
        case .unauthenticated: "unauthenticated"
        case .refused: "refused"
        case .malformed: "malformed"
        case .unavailable: "unavailable"
        case .upstreamFailed: "upstream_failed"
        case .clientGone: "client_gone"
        }
    }
}
