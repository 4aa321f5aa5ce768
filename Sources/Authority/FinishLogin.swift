import Basics
import Gate
import OAuth
import Provider
import Sessions

extension Authority {
    /// The way back from the provider (RFC 6749, section 4.1.2).
    func finishLogin(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        let issuer = workspace.settings.oauth.issuer
        switch Callback.read(query: request.query, expectedIssuer: issuer) {
        case .refused(let fault):
            log("callback refused", request, fault)
            return problem(.notAnAnswer, request, .home)
        case .granted(let code, let state):
            return await withFlow(state, request) { await redeem(code, of: $0, request, at: workspace) }
        case .denied(let error, let description, let state):
            return await withFlow(state, request) { flow in
                let said = [error, description ?? ""].map { SafeText.clean($0, longest: 300) }
                log("login denied by the provider", request, said[0])
                return problem(.denied(error: said[0], description: said[1]), request, flow.returnPath)
            }
        }
    }

    /// Finds the login that this browser began here, once; what the provider says counts only then.
    private func withFlow(
        _ state: Secret<String>, _ request: LocalRequest, _ proceed: (LoginFlow) async -> LocalResponse
    ) async -> LocalResponse {
        guard let binding = browserBinding(of: request), Self.isRandomWord(state.reveal()) else {
            return problem(.unknownLogin, request, .home)
        }
        do {
            let stored = try await flows.take(flowName(state: state.reveal(), binding: binding))
            guard let flow = stored.flatMap({ LoginFlow(bytes: $0.reveal()) }), fits(flow, request) else {
                return problem(.unknownLogin, request, .home)
            }
            return await proceed(flow)
        } catch {
            log("login not found", request, error)
            return problem(.storeAway, request, .home)
        }
    }

    private func fits(_ flow: LoginFlow, _ request: LocalRequest) -> Bool {
        flow.workspace == request.workspace && flow.authority == request.authority && outside.clock.now() < flow.endsAt
    }

    private func redeem(
        _ code: Secret<String>, of flow: LoginFlow, _ request: LocalRequest, at workspace: AuthorityWorkspace
    ) async -> LocalResponse {
        let outcome = await limit.completing {
            await signIn(code, of: flow, request, at: workspace)
        }
        guard let outcome else { return problem(.tooMany, request, flow.returnPath) }
        switch outcome {
        case .success(let issued):
            note("signed in", request, issued.session)
            await dropOldKey(of: request)
            let life = issued.session.endsAt.since(outside.clock.now())
            return answers.seeOther(
                "https://\(request.authority)\(flow.returnPath.text)",
                cookies: [Cookie.session.setting(issued.token.reveal(), for: life)])
        case .failure(let trouble):
            return problem(trouble, request, flow.returnPath)
        }
    }

    private func signIn(
        _ code: Secret<String>, of flow: LoginFlow, _ request: LocalRequest, at workspace: AuthorityWorkspace
    ) async -> Result<IssuedKey, LoginProblem> {
        do {
            let grant = try await workspace.provider.exchange(
                code: code, redirectURI: redirectURI(request), verifier: flow.verifier)
            let person = try await workspace.provider.whoAmI(grant.accessToken)
            return await beginSession(of: person, with: grant, request)
        } catch {
            log("login failed at the provider", request, error)
            return .failure(LoginProblem(error))
        }
    }

    private func beginSession(
        of person: Person, with grant: TokenGrant, _ request: LocalRequest
    ) async -> Result<IssuedKey, LoginProblem> {
        // Without a refresh token there is nothing to live on when the access token ends.
        let life = grant.refreshToken == nil ? min(lifetime, grant.expiresAt.since(outside.clock.now())) : lifetime
        do {
            return .success(
                try await keeper.begin(workspace: request.realm, person: person, grant: grant, lifetime: life))
        } catch {
            log("session not begun", request, error)
            return .failure(.storeAway)
        }
    }

    /// The browser's former session loses the cookie that is being replaced; its session tokens go on.
    private func dropOldKey(of request: LocalRequest) async {
        guard case .session(let old) = await visitor(of: request, by: .browser) else { return }
        do {
            try await keeper.removeKey(old.key.digest, from: old.session.id)
        } catch {
            log("former session kept its browser key", request, error)
        }
    }
}
