/// What there is under `/.lakegate/`.
enum Route: CaseIterable {
    case login, start, callback, session, makeToken, revokeToken, sessions, endSession, logout
    case automation
    case askHandoff, showHandoff, endHandoff, handoffPage, answerHandoff, devicePage

    var path: String {
        switch self {
        case .login: "/.lakegate/login"
        case .start: "/.lakegate/login/start"
        case .callback: "/.lakegate/callback"
        case .session: "/.lakegate/session"
        case .makeToken: "/.lakegate/session/tokens"
        case .revokeToken: "/.lakegate/session/tokens/revoke"
        case .sessions: "/.lakegate/sessions"
        case .endSession: "/.lakegate/sessions/end"
        case .logout: "/.lakegate/logout"
        case .automation: "/.lakegate/automation"
        case .askHandoff: "/.lakegate/handoffs"
        case .showHandoff, .endHandoff: Self.handoffPrefix
        case .handoffPage, .answerHandoff: "/.lakegate/handoff"
        case .devicePage: "/.lakegate/device"
        }
    }

    /// HEAD only where looking changes nothing.
    var methods: [String] {
        switch self {
        case .login, .session, .automation, .handoffPage, .devicePage: ["GET", "HEAD"]
        case .start, .callback, .showHandoff, .sessions: ["GET"]
        case .makeToken, .revokeToken, .endSession, .logout, .askHandoff, .answerHandoff: ["POST"]
        case .endHandoff: ["DELETE"]
        }
    }

    /// Behind it stands the id of one hand-off.
    static let handoffPrefix = "/.lakegate/handoffs/"

    /// Everything at a path, by exact comparison; `nil` if there is nothing.
    static func at(_ path: String) -> [Route]? {
        if path.hasPrefix(handoffPrefix) { return [.showHandoff, .endHandoff] }
        let routes = allCases.filter { $0.path == path }
        return routes.isEmpty ? nil : routes
    }
}
