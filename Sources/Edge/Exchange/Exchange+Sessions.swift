import Basics
import Gate
import NIOCore
import Sessions

/// The slow way to an identity: the store is asked, or the provider. The exchange waits; its event loop does not.
extension Exchange {
    func loadSession() {
        guard let presented else { return refuse(.unknownSession) }
        let (keeper, id) = (loop.shared.keeper, presented.id)
        ask(
            { () async throws(SessionError) in try await keeper.load(id) },
            then: { exchange, session in exchange.take(session) })
    }

    /// What the workspace still says about the spent token interests nobody any more.
    func renewSession() {
        upstream?.abandon()
        upstream = nil
        guard let presented else { return refuse(.unknownSession) }
        let (keeper, id, generation) = (loop.shared.keeper, presented.id, spentGeneration)
        ask(
            { () async throws(SessionError) in try await keeper.renew(id, after: generation) },
            then: { exchange, session in exchange.take(session) })
    }

    /// Renews beside an answer that goes to the client as it is.
    func renewForNextTime(_ identity: Identity) {
        switch identity {
        case .client: break
        case .session:
            guard let presented else { return }
            let (keeper, id, generation) = (loop.shared.keeper, presented.id, spentGeneration)
            Task { _ = try? await keeper.renew(id, after: generation) }
        case .holder(let holder):
            guard let id = principalID(of: holder) else { return }
            let obtain = question(for: id)
            Task { _ = try? await obtain() }
        }
    }

    private func take(_ session: Session?) {
        if let session { loop.sessions.apply(session) } else { isUnknown = true }
    }

    /// Asks what takes its time; then takes the answer in and looks again, or goes on with what the failure says.
    func ask<Answer: Sendable, Failure: Finds>(
        _ question: @escaping @Sendable () async throws(Failure) -> Answer,
        then take: @escaping @Sendable (Exchange, Answer) -> Void
    ) {
        wait()
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let (eventLoop, serial) = (loop.eventLoop, serial)
        Task {
            let reply: Result<Answer, Failure>
            do throws(Failure) {
                reply = .success(try await question())
            } catch {
                reply = .failure(error)
            }
            eventLoop.execute { bound.value.replied(reply, to: serial, take) }
        }
    }

    private func replied<Answer, Failure: Finds>(
        _ reply: Result<Answer, Failure>, to serial: UInt64, _ take: (Exchange, Answer) -> Void
    ) {
        guard self.serial == serial, isWaiting else { return }
        isWaiting = false
        loop.lookAtClock()
        perform(machine.sessionFound(lookup(after: reply, take)))
        goOn()
        loop.settle()
    }

    private func lookup<Answer, Failure: Finds>(
        after reply: Result<Answer, Failure>, _ take: (Exchange, Answer) -> Void
    ) -> Lookup {
        switch reply {
        case .success(let answer):
            take(self, answer)
            return isUnknown ? .settled(.unknownSession) : lookUpAgain()
        case .failure(let error): return .settled(error.finding)
        }
    }
}

/// What a client is told to wait: from a second to ten minutes, five seconds where nobody says.
func wholeSeconds(_ retryAfter: Duration?) -> Int {
    Int(max(1, min(retryAfter?.components.seconds ?? 5, 600)))
}

/// A failure to find out who asks, as the gate sees it.
protocol Finds: Error {
    var finding: Finding { get }
}

extension SessionError: Finds {
    /// What the gate makes of it. A fault of the store is never "no session".
    var finding: Finding {
        switch self {
        case .store, .contended: .unavailable(.storeUnavailable)
        case .unreadable: .unavailable(.sessionUnreadable)
        case .unknownSession: .unknownSession
        case .refreshFailed(_, let retryAfter):
            .unavailable(.providerUnavailable(retryAfter: wholeSeconds(retryAfter)))
        case .loginNeeded(let reason): .loginExpired(reason: reason)
        }
    }
}
