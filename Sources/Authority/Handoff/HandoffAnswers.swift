import Basics
import Sessions

/// What a machine client gets for its question. The handle is shown here and never again.
struct AskedHandoff: Encodable {
    var handle: String
    var id: String
    var code: String
    var loginURL: String
    var state = HandoffCondition.pending.rawValue
    /// Seconds.
    var expiresIn: Int64
    /// Seconds between two looks without `wait`.
    var interval = 5

    init(_ begun: BegunHandoff, at authority: String) {
        handle = begun.secret.reveal()
        id = begun.handoff.id
        code = begun.handoff.code.text
        loginURL = begun.handoff.confirmURL(at: authority)
        expiresIn = Handoff.patience.components.seconds
    }

    enum CodingKeys: String, CodingKey {
        case handle, id, code, state, interval
        case loginURL = "login_url"
        case expiresIn = "expires_in"
    }
}

/// How a hand-off stands.
struct HandoffSummary: Encodable {
    var id: String
    var state: String
    var label: String
    var user: String?
    var sessionEndsAt: String?
    /// When the handle stops working, whatever happens.
    var loginNeededBy: String?
    /// Why, when a login is needed before that.
    var loginNeededReason: String?
    /// While a person may answer: where, and what they must see there.
    var loginURL: String?
    var code: String?

    init(_ report: HandoffReport, at authority: String) {
        id = report.handoff.id
        state = report.condition.rawValue
        label = report.handoff.label
        if case .confirmed(let answer) = report.handoff.state {
            user = answer.userName
            if report.session != nil { loginNeededBy = answer.endsAt.text }
        }
        sessionEndsAt = report.session?.endsAt.text
        if case .loginNeeded(let reason) = report.session?.standing { loginNeededReason = reason }
        guard report.condition == .pending else { return }
        loginURL = report.handoff.confirmURL(at: authority)
        code = report.handoff.code.text
    }

    enum CodingKeys: String, CodingKey {
        case id, state, label, user, code
        case sessionEndsAt = "session_ends_at"
        case loginNeededBy = "login_needed_by"
        case loginNeededReason = "login_needed_reason"
        case loginURL = "login_url"
    }
}

extension Handoff {
    func confirmURL(at authority: String) -> String {
        "https://\(authority)\(Route.handoffPage.path)?code=\(code.text)"
    }
}
