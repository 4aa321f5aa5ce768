import Basics
import Synchronization

/// Refresh tokens of ended sessions on their way to be revoked: in the background, some at a time, and not for ever.
final class Revocations: Sendable {
    private struct Order: Sendable {
        let id: SessionID
        let workspace: String
        let client: String?
        let token: Secret<String>
        let since: Duration
    }

    private struct State {
        var waiting: [Order] = []
        var workers: [Int: Task<Void, Never>] = [:]
        var workersMade = 0
    }

    private let revoker: (any TokenRevoker)?
    private let limits: KeeperLimits
    private let uptime: Uptime
    private let report: @Sendable (KeeperEvent) -> Void
    private let state = Mutex(State())

    init(_ parts: KeeperParts) {
        revoker = parts.revoker
        limits = parts.limits
        uptime = parts.uptime
        report = parts.report
    }

    /// Returns at once.
    func add(_ id: SessionID, workspace: String, client: String?, token: Secret<String>) {
        guard let revoker, revoker.revokes(at: workspace) else { return }
        let order = Order(id: id, workspace: workspace, client: client, token: token, since: uptime.now())
        let isTaken = state.withLock { state in
            guard state.waiting.count < limits.revocationsWaiting else { return false }
            state.waiting.append(order)
            if state.workers.count < limits.revocationsAtOnce { hire(&state, for: revoker) }
            return true
        }
        if !isTaken { fail(order, "too many revocations wait") }
    }

    /// Of a session whose record does not open, so that its token is not known.
    func isImpossible(_ id: SessionID) {
        if revoker != nil { report(.notRevoked(id, workspace: "", reason: "the record does not open")) }
    }

    /// Waits until none is left. Bound it with a timeout of your own.
    func drain() async {
        while let worker = state.withLock({ $0.workers.values.first }) { await worker.value }
    }

    private func hire(_ state: inout State, for revoker: any TokenRevoker) {
        state.workersMade += 1
        let number = state.workersMade
        state.workers[number] = Task.detached {
            while let order = self.next(for: number) { await self.carryOut(order, at: revoker) }
        }
    }

    private func next(for worker: Int) -> Order? {
        state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.workers[worker] = nil
            return nil
        }
    }

    private func carryOut(_ order: Order, at revoker: any TokenRevoker) async {
        guard uptime.now() - order.since < limits.revocationPatience else {
            return fail(order, "the provider was too slow for those before it")
        }
        do throws(RevocationFailure) {
            try await revoker.revoke(workspace: order.workspace, client: order.client, refreshToken: order.token)
            report(.revoked(order.id, workspace: order.workspace))
        } catch {
            fail(order, error.reason)
        }
    }

    private func fail(_ order: Order, _ reason: String) {
        report(.notRevoked(order.id, workspace: order.workspace, reason: reason))
    }
}
