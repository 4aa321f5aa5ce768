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

    /// A connection was closed because its client has as many as it may.
    func turnedAway() {
        registry.connectionsTurnedAway.add(1)
    }

    /// Why no connections are accepted, before and from here on; `nil` while they are.
    func acceptPaused(_ before: AcceptPause?, becomes pause: AcceptPause?) {
        if let before { registry.acceptPaused.decrement(before) }
        if let pause { registry.acceptPaused.increment(pause) }
    }

    func residentMemory(_ bytes: Int) {
        registry.residentMemory.set(bytes)
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
        case .overloaded: "overloaded"
        case .upstreamFailed: "upstream_failed"
        case .clientGone: "client_gone"
        }
    }
}
