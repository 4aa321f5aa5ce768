import Logging
import Metrics
import Sessions

/// What the keeper of sessions reports, as log lines. Sessions are named by their id, which opens nothing.
enum KeeperNews {
    static func tell(_ event: KeeperEvent, to logger: Logger) {
        switch event {
        case .restored(let id):
            logger.warning("the store had lost a session and has it again", metadata: ["session": "\(id.text)"])
        case .begun(let id): logger.info("session begun", metadata: ["session": "\(id.text)"])
        case .ended(let id): logger.info("session ended", metadata: ["session": "\(id.text)"])
        case .refreshed(let id): logger.info("tokens refreshed", metadata: ["session": "\(id.text)"])
        case .refreshAdopted(let id): logger.debug("newer tokens found", metadata: ["session": "\(id.text)"])
        case .letGo(let id): logger.info("idle session let go", metadata: ["session": "\(id.text)"])
        case .refreshFailed(let id, let reason):
            logger.warning("refresh failed for now", metadata: ["session": "\(id.text)", "reason": "\(reason)"])
        case .grantIsDead(let id, let reason):
            logger.warning("login needed", metadata: ["session": "\(id.text)", "reason": "\(reason)"])
        case .revoked(let id, let workspace):
            logger.info("refresh token revoked", metadata: ["session": "\(id.text)", "workspace": "\(workspace)"])
        case .notRevoked(let id, let workspace, let reason):
            logger.warning(
                "refresh token not revoked",
                metadata: ["session": "\(id.text)", "workspace": "\(workspace)", "reason": "\(reason)"])
        case .grantWaitsForStore(let id, let error):
            logger.error("new tokens can't be stored yet", metadata: ["session": "\(id.text)", "error": "\(error)"])
        }
    }

    static func count(_ event: KeeperEvent, in metrics: MetricsRegistry, _ workspaces: [String: WorkspaceIndex]) {
        switch event {
        case .revoked(_, let workspace): metrics.revocations.increment(workspaces[workspace] ?? .unknown, .revoked)
        case .notRevoked(_, let workspace, _):
            metrics.revocations.increment(workspaces[workspace] ?? .unknown, .failed)
        default: break
        }
    }
}
