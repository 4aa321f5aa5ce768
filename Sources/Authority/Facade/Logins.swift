import Basics
import Gate
import JOSE
import OAuth
import Sessions
import Settings

/// One login of a program for a person: a key of the person's session, and the token that opens it: a refresh token, or a
/// session token.
struct Login: Sendable {
    var session: Session
    var key: SessionKey
    var token: Secret<String>
}

extension Authority {
    /// A new key in the session of whoever allowed it, valid as long as that.
    func makeLogin(
        for client: FacadeClient, label: String = "", in id: SessionID, _ request: LocalRequest
    ) async throws(OAuthFault) -> Login {
        do throws(SessionError) {
            guard let session = try await keeper.load(id) else { throw SessionError.unknownSession }
            let (kind, label) = client.key(label, request)
            try await makeRoom(for: kind, label, in: session)
            let life = session.endsAt.since(outside.clock.now())
            let issued = try await keeper.addKey(to: id, kind: kind, label: label, lifetime: life)
            guard let presented = outside.read(issued.token.reveal()),
                let key = issued.session.keys.first(where: { $0.digest == presented.digest })
            else { throw SessionError.unknownSession }
            note("program logged in", request, issued.session)
            return Login(session: issued.session, key: key, token: issued.token)
        } catch .unknownSession {
            throw .grant("The login it was given for has ended.")
        } catch {
            log("program not logged in", request, error)
            throw .passing
        }
    }

    /// Programs log in anew without end; the eldest login of the same program makes room.
    private func makeRoom(for kind: KeyKind, _ label: String, in session: Session) async throws(SessionError) {
        let former = session.keys.filter { $0.kind == kind && $0.label == label }
        guard former.count >= Self.mostLogins, let eldest = former.min(by: { $0.createdAt < $1.createdAt }) else {
            return
        }
        try await keeper.removeKey(eldest.digest, from: session.id)
    }

    private static let mostLogins = 20

    /// RFC 6749, section 6. The token stays the same, and so does its end.
    func renew(
        _ form: TokenForm, _ request: LocalRequest, at workspace: WorkspaceSettings
    ) async throws(OAuthFault) -> TokenAnswer {
        let token = Secret(try form.needed("refresh_token"))
        let named = try clientIfNamed(form, request, of: workspace)
        let login = try await login(by: token, request)
        guard let id = request.client(ofLogin: login.key.label), let client = FacadeClient(id, of: workspace) else {
            throw .deadRefreshToken
        }
        if let named {
            guard named.id.isSameText(client.id) else { throw .deadRefreshToken }
        } else if case .machine = client {
            throw .client("This client has to authenticate.")
        }
        return try await answer(for: login, client, request, workspace)
    }

    private func login(by token: Secret<String>, _ request: LocalRequest) async throws(OAuthFault) -> Login {
        guard let presented = outside.read(token.reveal()) else { throw .deadRefreshToken }
        do throws(SessionError) {
            guard let session = try await keeper.load(presented.session), session.workspace == request.realm,
                session.standing == .active,
                let key = session.keys.first(where: { $0.digest == presented.digest }), key.kind == .login
            else { throw SessionError.unknownSession }
            return Login(session: session, key: key, token: token)
        } catch .unknownSession {
            throw .deadRefreshToken
        } catch {
            log("refresh token not looked at", request, error)
            throw .passing
        }
    }

    func answer(
        for login: Login, _ client: FacadeClient, _ request: LocalRequest, _ workspace: WorkspaceSettings
    ) async throws(OAuthFault) -> TokenAnswer {
        let end = min(login.session.endsAt, login.key.endsAt)
        let left = end.since(outside.clock.now())
        guard left >= .seconds(1) else { throw .deadRefreshToken }
        if login.key.kind == .token {
            return TokenAnswer(accessToken: login.token.reveal(), expiresIn: left.components.seconds)
        }
        var claims = claims(
            for: client.id, subject: login.session.person.userName, until: end, request)
        claims.session = login.session.id.text
        claims.key = login.key.publicID
        var answer = try await answer(claims)
        answer.refreshToken = login.token.reveal()
        answer.scope = workspace.oauth.scopes.joined(separator: " ")
        return answer
    }

    func claims(for clientID: String, subject: String, until end: Timestamp, _ request: LocalRequest) -> AccessClaims {
        let now = outside.clock.now()
        return AccessClaims(
            issuer: request.issuer, audience: request.workspace, subject: subject,
            issuedAt: now.milliseconds / 1000, expiresAt: min(now + Self.accessLife, end).milliseconds / 1000,
            id: Base64URL.encode(outside.random.bytes(16)), clientID: clientID)
    }

    func answer(_ claims: AccessClaims) async throws(OAuthFault) -> TokenAnswer {
        guard let token = facade.keys.sign(claims) else { throw .passing }
        return TokenAnswer(accessToken: token.reveal(), expiresIn: claims.expiresAt - claims.issuedAt)
    }

    static let accessLife = Duration.seconds(3600)
}

extension FacadeClient {
    /// What a login is to the session.
    fileprivate func key(_ label: String, _ request: LocalRequest) -> (KeyKind, String) {
        switch self {
        case .native, .machine: (.login, request.loginLabel(of: id))
        case .command: (.token, label.isEmpty ? "lakegate login" : "lakegate login on \(label)")
        }
    }
}

extension LocalRequest {
    /// What the login of a program is called. A session of an account opens several workspaces; a login in it is for the one that
    /// its name says.
    fileprivate func loginLabel(of client: String) -> String {
        String((client + ofWorkspace).prefix(80))
    }

    /// The program, if its login was made at this workspace.
    fileprivate func client(ofLogin label: String) -> String? {
        label.hasSuffix(ofWorkspace) ? String(label.dropLast(ofWorkspace.count)) : nil
    }

    private var ofWorkspace: String { account == nil ? "" : " @ \(workspace)" }
}
