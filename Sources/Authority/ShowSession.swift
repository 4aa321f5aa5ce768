import Basics
import Gate
import Sessions

extension Authority {
    /// Who I am: a page for browsers, JSON for programs, which may also present a session token.
    func showSession(_ request: LocalRequest) async -> LocalResponse {
        let byCookie = await visitor(of: request, by: .browser)
        if case .session(let visitor) = byCookie { return show(visitor, to: request) }
        if case .unclear(let error) = byCookie { return unclear(error, request) }
        switch await visitor(of: request, by: .token) {
        case .session(let visitor): return answers.json(SessionSummary(visitor.session, request))
        case .unclear(let error): return unclear(error, request)
        case .nobody: return askToLogIn(request, for: .session)
        }
    }

    /// Leads a browser to the login and then to `path`; tells a program.
    func askToLogIn(_ request: LocalRequest, for path: ReturnPath) -> LocalResponse {
        guard request.wantsHTML else { return answers.failure(.loginNeeded, to: request) }
        return answers.seeOther(loginURL(request, path))
    }

    private func show(_ visitor: SignedIn, to request: LocalRequest) -> LocalResponse {
        guard request.wantsHTML else { return answers.json(SessionSummary(visitor.session, request)) }
        let page = SessionPage(
            session: visitor.session, request: request, formToken: formToken(for: visitor), now: outside.clock.now(),
            notice: endNotice)
        return answers.page(page.page, forms: true)
    }
}

/// A session as programs read it. No token, and nothing a token could be guessed from.
struct SessionSummary: Encodable {
    struct User: Encodable {
        var id: String
        var userName: String
        var displayName: String

        enum CodingKeys: String, CodingKey {
            case id
            case userName = "user_name"
            case displayName = "display_name"
        }
    }

    struct Token: Encodable {
        var id: String
        var label: String
        var createdAt: String
        var endsAt: String

        init(_ key: SessionKey) {
            (id, label, createdAt, endsAt) = (key.publicID, key.label, key.createdAt.text, key.endsAt.text)
        }

        enum CodingKeys: String, CodingKey {
            case id, label
            case createdAt = "created_at"
            case endsAt = "ends_at"
        }
    }

    var workspace: String
    /// The account all of whose workspaces it opens, if it does.
    var account: String?
    var user: User
    var createdAt: String
    var endsAt: String
    var accessTokenEndsAt: String
    var loginNeeded: Bool
    /// Why; safe to show.
    var loginNeededReason: String?
    var sessionTokens: [Token]
    /// What programs hold to work as the person: handles, and logins of their own.
    var programs: [Token]

    init(_ session: Session, _ request: LocalRequest) {
        workspace = request.workspace
        account = request.account
        user = User(
            id: session.person.id, userName: session.person.userName, displayName: session.person.displayName)
        createdAt = session.createdAt.text
        endsAt = session.endsAt.text
        accessTokenEndsAt = session.grant.expiresAt.text
        loginNeeded = session.standing != .active
        if case .loginNeeded(let reason) = session.standing { loginNeededReason = reason }
        sessionTokens = session.tokenKeys.map { Token($0) }
        programs = (session.handleKeys + session.loginKeys).map { Token($0) }
    }

    enum CodingKeys: String, CodingKey {
        case workspace, account, user, programs
        case createdAt = "created_at"
        case endsAt = "ends_at"
        case accessTokenEndsAt = "access_token_ends_at"
        case loginNeeded = "login_needed"
        case loginNeededReason = "login_needed_reason"
        case sessionTokens = "session_tokens"
    }
}

extension Session {
    var tokenKeys: [SessionKey] {
        keys.filter { $0.kind == .token }
    }

    var handleKeys: [SessionKey] {
        keys.filter { $0.kind == .handle }
    }

    /// Programs that logged in through Lakegate.
    var loginKeys: [SessionKey] {
        keys.filter { $0.kind == .login }
    }

    /// What a person may take back one by one.
    var revocableKeys: [SessionKey] {
        tokenKeys + handleKeys + loginKeys
    }
}

extension KeyDigest {
    /// Names a key on a page or in a token: a quarter of its digest, from which nobody gets back to the key.
    var publicID: String {
        String(words.0, radix: 16)
    }
}

extension SessionKey {
    var publicID: String { digest.publicID }
}

extension Timestamp {
    /// For people, to the minute.
    var reading: String {
        "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
