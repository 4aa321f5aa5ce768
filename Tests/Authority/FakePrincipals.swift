import Sessions
import Synchronization

/// Principals that are as ready as a test says.
final class FakePrincipals: PrincipalKeeping {
    private let state = Mutex((readiness: PrincipalReadiness.ready, asked: [PrincipalID]()))

    var asked: [PrincipalID] { state.withLock { $0.asked } }

    func be(_ readiness: PrincipalReadiness) { state.withLock { $0.readiness = readiness } }

    func obtain(_ id: PrincipalID, after generation: UInt64) async throws(PrincipalFailure) -> PrincipalToken {
        throw .refused(reason: "nobody asks for tokens here")
    }

    func readiness(of id: PrincipalID, within patience: Duration) async -> PrincipalReadiness {
        state.withLock { state in
            state.asked.append(id)
            return state.readiness
        }
    }
}
