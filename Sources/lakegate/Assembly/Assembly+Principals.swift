import Logging
import Metrics
import Provider
import Sessions
import Settings

/// Tokens of service principals.
extension Assembly {
    func makePrincipals() -> PrincipalKeeper {
        let (logger, metrics, workspaces) = (logger, metrics, settings.workspaces)
        return PrincipalKeeper(
            granting: PrincipalEndpoints(workspaces, clock: clock), clock: clock, random: random
        ) { id, outcome in
            let workspace = workspaces[id.workspace]
            let names: Logger.Metadata = [
                "workspace": "\(workspace.name)", "principal": "\(workspace.servicePrincipals[id.index].name)",
            ]
            PrincipalNews.tell(outcome, of: names, to: logger)
            metrics.principalTokens.increment(WorkspaceIndex(id.workspace), outcome.label)
        }
    }
}

enum PrincipalNews {
    static func tell(_ outcome: Result<Void, PrincipalFailure>, of names: Logger.Metadata, to logger: Logger) {
        switch outcome {
        case .success: logger.info("service principal has a token", metadata: names)
        case .failure(.refused(let reason)):
            logger.error("service principal is refused", metadata: names.merging(["reason": "\(reason)"]) { $1 })
        case .failure(.passing(let reason, _)):
            logger.warning(
                "service principal got no token for now", metadata: names.merging(["reason": "\(reason)"]) { $1 })
        }
    }
}

extension Result<Void, PrincipalFailure> {
    fileprivate var label: RefreshOutcome {
        switch self {
        case .success: .renewed
        case .failure(.refused): .rejected
        case .failure(.passing): .failed
        }
    }
}
