/// What there is under `/.lakegate/`.
enum Route: CaseIterable {
    case login, start, callback, session, makeToken, revokeToken, logout

    var path: String {
        switch self {
        case .login: "/.lakegate/login"
        case .start: "/.lakegate/login/start"
        case .callback: "/.lakegate/callback"
        case .session: "/.lakegate/session"
        case .makeToken: "/.lakegate/session/tokens"
        case .revokeToken: "/.lakegate/session/tokens/revoke"
        case .logout: "/.lakegate/logout"
        }
    }

    /// HEAD only where looking changes nothing.
    var methods: [String] {
        switch self {
        case .login, .session: ["GET", "HEAD"]
        case .start, .callback: ["GET"]
        case .makeToken, .revokeToken, .logout: ["POST"]
        }
    }

    /// Everything at a path, by exact comparison; `nil` if there is nothing.
    static func at(_ path: String) -> [Route]? {
        let routes = allCases.filter { $0.path == path }
        return routes.isEmpty ? nil : routes
    }
}
