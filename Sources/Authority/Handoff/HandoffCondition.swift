import Basics
import Sessions

/// How a hand-off stands, as its program is told.
enum HandoffCondition: String, Sendable {
    case pending, confirmed, denied, expired, ended
    /// The session is there, but Databricks renews it no more.
    case loginNeeded = "login_needed"
}

/// A hand-off's condition with what belongs to it.
struct HandoffReport: Sendable {
    var handoff: Handoff
    var condition: HandoffCondition
    /// The session, where it still is one.
    var session: Session?
}

extension Handoffs {
    func report(on handoff: Handoff) async throws(SessionError) -> HandoffReport {
        switch handoff.state {
        case .pending:
            let isOpen = handoff.isOpen(at: outside.clock.now())
            return HandoffReport(handoff: handoff, condition: isOpen ? .pending : .expired)
        case .denied: return HandoffReport(handoff: handoff, condition: .denied)
        case .ended: return HandoffReport(handoff: handoff, condition: .ended)
        case .confirmed(let answer):
            let session = try await session(of: answer)
            return HandoffReport(handoff: handoff, condition: condition(of: session), session: session)
        }
    }

    /// `nil` once it is over for this hand-off, though others may go on using it.
    private func session(of answer: Confirmation) async throws(SessionError) -> Session? {
        let now = outside.clock.now()
        do {
            guard now < answer.endsAt, let session = try await keeper.load(answer.session), now < session.endsAt else {
                return nil
            }
            guard let digest = answer.key else { return session }
            return session.keys.contains { $0.digest == digest } ? session : nil
        } catch .unknownSession {
            return nil
        }
    }

    private func condition(of session: Session?) -> HandoffCondition {
        switch session?.standing {
        case .active: .confirmed
        case .loginNeeded: .loginNeeded
        case nil: .ended
        }
    }
}
