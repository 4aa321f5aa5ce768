import Basics
import Sessions

/// Resolves the handles (`lkh_…`) that machine clients were given for people's sessions.
public struct HandleBearers: BearerResolving {
    private let handoffs: Handoffs

    /// `store` and `keeper` are those of the ``Authority``.
    public init(store: any HandoffStore, keeper: any SessionKeeping, outside: AuthorityOutside) {
        handoffs = Handoffs(store: store, keeper: keeper, outside: outside)
    }

    public func resolve(_ bearer: Secret<String>, workspace: String) async throws(SessionError) -> ResolvedBearer {
        guard bearer.reveal().hasPrefix(Handoff.Purpose.handle.prefix) else { return answer(.foreign) }
        let found = try await handoffs.find(secret: bearer.reveal(), purpose: .handle, at: workspace)
        guard let found else { return refusal("it opens nothing here, or its session is long over") }
        let report = try await handoffs.report(on: found.handoff)
        guard report.condition == .confirmed || report.condition == .loginNeeded,
            case .confirmed(let confirmation) = found.handoff.state, let key = confirmation.key
        else { return refusal(Self.reason(report.condition)) }
        return answer(.key(confirmation.session, key, .handle))
    }

    private func answer(_ meaning: ResolvedBearer.Meaning) -> ResolvedBearer {
        ResolvedBearer(meaning, until: handoffs.outside.clock.now() + .seconds(60))
    }

    /// Remembered briefly: a person may confirm at any moment.
    private func refusal(_ reason: String) -> ResolvedBearer {
        ResolvedBearer(.refused(reason: reason), until: handoffs.outside.clock.now() + .seconds(1))
    }

    private static func reason(_ condition: HandoffCondition) -> String {
        switch condition {
        case .pending: "nobody has confirmed it yet"
        case .denied: "the person did not allow it"
        case .expired: "nobody confirmed it in time"
        case .confirmed, .ended, .loginNeeded: "its session is over"
        }
    }
}
