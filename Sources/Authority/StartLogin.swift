import Basics
import Gate
import OAuth
import Sessions

extension Authority {
    /// Explains where "Continue" leads. A link, not a form: Content-Security-Policy would have to name every host that
    /// the provider sends the browser on to, since it holds for the redirects of a form as well.
    func loginPage(_ request: LocalRequest) -> Page {
        let path = returnPath(asked: request)
        let start = "\(Route.start.path)?return_to=\(PercentCoding.encode(path.text))"
        return Page(
            title: "Sign in to \(request.workspace)", workspace: request.workspace, requestID: request.requestID,
            content: [
                .paragraph(
                    "You are about to use the Databricks workspace “\(request.workspace)” through \(request.authority)."
                ),
                .paragraph(
                    "Databricks, or your company’s sign-in page, asks who you are and brings you back here. Your password never passes through this site."
                ),
                .action("Continue to Databricks", to: start),
            ])
    }

    func returnPath(asked request: LocalRequest) -> ReturnPath {
        FormCoding.decode(request.query)?.only("return_to").flatMap { ReturnPath($0) } ?? .home
    }

    /// Remembers a login and sends the browser to the provider (RFC 6749, section 4.1.1).
    func startLogin(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        let path = returnPath(asked: request)
        guard SameOrigin.isPossible(request) else { return answers.seeOther(loginURL(request, path)) }
        switch limit.mayBegin(at: outside.clock.now(), by: request.client) {
        case .yes: return await begin(request, path, at: workspace)
        case .notOfThisClient: return problem(.tooManyOfThisClient, request, path)
        case .no: return problem(.tooMany, request, path)
        }
    }

    private func begin(
        _ request: LocalRequest, _ path: ReturnPath, at workspace: AuthorityWorkspace
    ) async -> LocalResponse {
        guard let proof = PKCE(randomBytes: outside.random.bytes(32)) else { return problem(.tooMany, request, path) }
        let state = Base64URL.encode(outside.random.bytes(32))
        let binding = browserBinding(of: request) ?? Base64URL.encode(outside.random.bytes(32))
        let flow = LoginFlow(
            verifier: proof.verifier, workspace: request.workspace, authority: request.authority, returnPath: path,
            endsAt: outside.clock.now() + LoginFlow.life)
        do {
            try await flows.put(flowName(state: state, binding: binding), flow.bytes, life: LoginFlow.life)
        } catch {
            log("login not begun", request, error)
            return problem(.storeAway, request, path)
        }
        let url = authorizeURL(workspace, request, state: state, challenge: proof.challenge(sha256: outside.sha256))
        return answers.seeOther(url, cookies: [Cookie.login.setting(binding, for: LoginFlow.life)])
    }

    private func authorizeURL(
        _ workspace: AuthorityWorkspace, _ request: LocalRequest, state: String, challenge: String
    ) -> String {
        let oauth = workspace.settings.oauth
        return AuthorizeRequest(
            endpoint: oauth.authorizeURL, clientID: oauth.clientID, redirectURI: redirectURI(request),
            scopes: oauth.scopes, state: state, challenge: challenge
        ).url
    }

    func redirectURI(_ request: LocalRequest) -> String {
        "https://\(request.authority)\(Route.callback.path)"
    }

    func loginURL(_ request: LocalRequest, _ path: ReturnPath) -> String {
        "https://\(request.authority)\(Route.login.path)?return_to=\(PercentCoding.encode(path.text))"
    }

    /// One value serves all tabs of a browser, so that several logins can be under way.
    func browserBinding(of request: LocalRequest) -> String? {
        Cookie.login.value(in: request.fields).flatMap { Self.isRandomWord($0) ? $0 : nil }
    }

    /// The store's name for a login. The browser's binding is part of it: from another browser there is no such login,
    /// and asking for it does not use it up.
    func flowName(state: String, binding: String) -> String {
        Base64URL.encode(outside.sha256(Array("lakegate login\0\(state)\0\(binding)".utf8)))
    }

    /// What ``Base64URL`` makes of 32 bytes.
    static func isRandomWord(_ text: String) -> Bool {
        text.utf8.count == 43 && Base64URL.decode(text)?.count == 32
    }
}
