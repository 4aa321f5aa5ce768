import Logging
import Metrics
import Provider
import Sessions
import Settings

/// Tokens of service principals, and of people where those of their account are exchanged.
extension Assembly {
    func makePrincipals(_ keeper: SessionKeeper) -> PrincipalKeeper {
        let (logger, metrics, workspaces) = (logger, metrics, settings.workspaces)
        return PrincipalKeeper(
            granting: PrincipalEndpoints(workspaces, keeper: keeper, clock: clock), clock: clock, random: random
        ) { id, outcome in
            let workspace = workspaces[id.workspace]
            switch id.holder {
            case .service(let index):
                let name = workspace.servicePrincipals[index].name
                ServiceNews.tell(outcome, of: ["workspace": "\(workspace.name)", "principal": "\(name)"], to: logger)
                metrics.principalTokens.increment(WorkspaceIndex(id.workspace), outcome.label)
            case .person(let session):
                PersonNews.tell(
                    outcome, of: ["workspace": "\(workspace.name)", "session": "\(session.text)"], to: logger)
                metrics.exchangedTokens.increment(WorkspaceIndex(id.workspace), outcome.label)
            }
        }
    }
}

private enum ServiceNews {
    static func tell(_ outcome: Result<Void, PrincipalFailure>, of names: Logger.Metadata, to logger: Logger) {
        switch outcome {
        case .success: logger.info("service principal has a token", metadata: names)
        case .failure(.refused(let reason)), .failure(.notAdmitted(let reason)):
            logger.error("service principal is refused", metadata: names.because(reason))
        case .failure(.passing(let reason, _)):
            logger.warning("service principal got no token for now", metadata: names.because(reason))
        case .failure(.login): break
        }
    }
}

private enum PersonNews {
    static func tell(_ outcome: Result<Void, PrincipalFailure>, of names: Logger.Metadata, to logger: Logger) {
        switch outcome {
        case .success: logger.debug("token exchanged", metadata: names)
        case .failure(.refused(let reason)), .failure(.notAdmitted(let reason)):
            logger.warning("the workspace exchanges no token of this login", metadata: names.because(reason))
        case .failure(.passing(let reason, _)):
            logger.warning("token not exchanged for now", metadata: names.because(reason))
        case .failure(.login(let error)):
            logger.info("no token of this login to exchange", metadata: names.because("\(error)"))
        }
    }
}

extension Logger.Metadata {
    fileprivate func because(_ reason: String) -> Logger.Metadata {
        merging(["reason": "\(reason)"]) { $1 }
    }
}

extension Result<Void, PrincipalFailure> {
    fileprivate var label: RefreshOutcome {
        switch self {
        case .success: .renewed
        case .failure(.refused), .failure(.notAdmitted): .rejected
        case .failure(.passing), .failure(.login): .failed
        }
    }
}
