import Basics
import Gate
import NIOCore
import Sessions

/// The slow way to an identity: the store is asked, or the provider. The exchange waits; its event loop does not.
extension Exchange {
    func loadSession() {
        guard let presented else { return refuse(.unknownSession) }
        let (keeper, id) = (loop.shared.keeper, presented.id)
        ask { () async throws(SessionError) -> Session? in try await keeper.load(id) }
    }

    /// What the workspace still says about the spent token interests nobody any more.
    func renewSession() {
        upstream?.abandon()
        upstream = nil
        guard let presented else { return refuse(.unknownSession) }
        let (keeper, id, generation) = (loop.shared.keeper, presented.id, spentGeneration)
        ask { () async throws(SessionError) -> Session? in try await keeper.renew(id, after: generation) }
    }

    /// Renews beside an answer that goes to the client as it is.
    func renewForNextTime() {
        guard let presented else { return }
        let (keeper, id, generation) = (loop.shared.keeper, presented.id, spentGeneration)
        Task { _ = try? await keeper.renew(id, after: generation) }
    }

    private func ask(_ question: @escaping @Sendable () async throws(SessionError) -> Session?) {
        wait()
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let (eventLoop, serial) = (loop.eventLoop, serial)
        Task {
            let reply: Result<Session?, SessionError>
            do throws(SessionError) {
                reply = .success(try await question())
            } catch {
                reply = .failure(error)
            }
            eventLoop.execute { bound.value.replied(reply, to: serial) }
        }
    }

    private func replied(_ reply: Result<Session?, SessionError>, to serial: UInt64) {
        guard self.serial == serial, isWaiting else { return }
        isWaiting = false
        loop.lookAtClock()
        perform(machine.sessionFound(lookup(after: reply)))
        goOn()
        loop.settle()
    }

    private func lookup(after reply: Result<Session?, SessionError>) -> Lookup {
        switch reply {
        case .success(nil): return .settled(.unknownSession)
        case .success(.some(let session)):
            loop.sessions.apply(session)
            guard let presented else { return .settled(.unknownSession) }
            return lookUp(presented, kind: presentedKind)
        case .failure(let error): return .settled(error.finding)
        }
    }
}

extension SessionError {
    /// What the gate makes of it. A fault of the store is never "no session".
    fileprivate var finding: Finding {
        switch self {
        case .store, .contended: .unavailable(.storeUnavailable)
        case .unreadable: .unavailable(.sessionUnreadable)
        case .unknownSession: .unknownSession
        case .refreshFailed(_, let retryAfter):
            .unavailable(.providerUnavailable(retryAfter: Int(max(1, min(retryAfter?.components.seconds ?? 5, 600)))))
        case .loginNeeded(let reason): .loginExpired(reason: reason)
        }
    }
}
