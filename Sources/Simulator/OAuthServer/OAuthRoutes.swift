import Basics

/// The OAuth server's pages and endpoints over HTTP.
struct OAuthRoutes: Sendable {
    let state: SimulatorState

    func serve(_ exchange: Exchange) async throws {
        switch (exchange.method, exchange.path) {
        case ("GET", "/.well-known/databricks-config"):
            try await exchange.send(.json(state.metadata.workspace))
        case ("GET", "/oidc/.well-known/oauth-authorization-server"), ("GET", "/oidc/.well-known/openid-configuration"):
            try await exchange.send(.json(state.metadata.authorizationServer))
        case ("GET", "/oidc/v1/authorize"), ("GET", "/oidc/oauth2/v2.0/authorize"):
            try await exchange.send(showForm(exchange.query))
        case ("POST", "/oidc/v1/authorize"):
            try await exchange.send(submitForm(try await form(exchange)))
        case ("POST", "/oidc/v1/token"), ("POST", "/oidc/oauth2/v2.0/token"):
            try await token(exchange)
        case ("GET", "/oidc/jwks.json"):
            try await exchange.send(.json(["keys": []]))
        default:
            try await exchange.send(.notFound(exchange.path))
        }
    }

    /// The fields of a form body, or nothing when it is not one.
    private func form(_ exchange: Exchange) async throws -> FormFields {
        let type = exchange.head.headers.first(name: "content-type")?.lowercased() ?? ""
        guard type.hasPrefix("application/x-www-form-urlencoded") else { return FormFields([]) }
        guard let body = try await exchange.collect(upTo: 65536) else { return FormFields([]) }
        return FormFields(encoded: String(decoding: body, as: UTF8.self))
    }

    private func showForm(_ fields: FormFields, notice: String? = nil) -> Reply {
        answered(fields) { request in
            state.report(.authorizeShown(client: request.client))
            let users = state.oauth.withLock { $0.users }
            return .html(LoginPage.form(request, fields: fields, users: users, notice: notice))
        }
    }

    /// What the sign-in form's fields lead to.
    func submitForm(_ fields: FormFields) -> Reply {
        let own: Set = ["user", "decision"]
        let parameters = FormFields(fields.pairs.filter { !own.contains($0.name) })
        if fields["decision"] == "deny" { return deny(parameters) }
        let known = state.oauth.withLock { oauth in oauth.users.contains { $0.name == fields["user"] } }
        guard known, let user = fields["user"] else { return showForm(parameters, notice: "Nobody of that name here.") }
        return answered(parameters) { request in
            let now = state.clock.now()
            let code = state.oauth.withLock { $0.makeCode(for: request, user: user, now: now) }
            state.report(.signedIn(user: user, client: request.client))
            return redirect(request.redirectURI, [("code", code)], state: request.state)
        }
    }

    private func deny(_ fields: FormFields) -> Reply {
        answered(fields) { request in
            state.report(.accessDenied(client: request.client))
            let error = [("error", "access_denied"), ("error_description", "The user did not agree")]
            return redirect(request.redirectURI, error, state: request.state)
        }
    }

    /// Checks the authorization request anew at each step: the form's hidden fields come from the browser.
    private func answered(_ fields: FormFields, _ answer: (AuthorizeRequest) -> Reply) -> Reply {
        let clients = state.oauth.withLock { $0.clients }
        do throws(AuthorizeRequest.Refusal) {
            return answer(try AuthorizeRequest(fields, clients: clients))
        } catch {
            return refused(error)
        }
    }

    private func refused(_ refusal: AuthorizeRequest.Refusal) -> Reply {
        switch refusal {
        case .page(let reason):
            state.report(.authorizeRefused(reason: reason))
            return .html(LoginPage.refusal(reason), status: 400)
        case .redirect(let uri, let error, let description, let original):
            state.report(.authorizeRefused(reason: description))
            return redirect(uri, [("error", error), ("error_description", description)], state: original)
        }
    }

    private func redirect(_ uri: String, _ answer: [(String, String)], state original: String?) -> Reply {
        let rest = (original.map { [("state", $0)] } ?? []) + [("iss", state.metadata.issuer)]
        let fields = FormFields((answer + rest).map { (name: $0.0, value: $0.1) })
        return .redirect(to: uri + (uri.contains("?") ? "&" : "?") + fields.encoded)
    }

    private func token(_ exchange: Exchange) async throws {
        let fields = try await form(exchange)
        let fault = state.fault.withLock { $0 }
        if case .status(let status) = fault { return try await exchange.send(.tokenFault(status)) }
        if case .slow(let delay) = fault { try await Task.sleep(for: delay) }
        if fault == .garbage { return try await exchange.send(.html("<h1>Something else lives here</h1>")) }
        let reply = redeem(fields, exchange)
        if fault == .lostAnswer { return await exchange.abort() }
        try await exchange.send(reply.adding("cache-control", "no-store"))
    }

    private func redeem(_ fields: FormFields, _ exchange: Exchange) -> Reply {
        let authorization = exchange.head.headers.first(name: "authorization")
        let grant = fields["grant_type"] ?? "none"
        let now = state.clock.now()
        do throws(TokenRefusal) {
            let answer = try state.oauth.withLock { oauth throws(TokenRefusal) in
                try oauth.redeem(fields, authorization: authorization, now: now)
            }
            state.report(.tokenIssued(user: answer.user, grant: grant))
            return .json(answer.json)
        } catch {
            if error.isReplay { state.report(.refreshReplayed) }
            state.report(.tokenRefused(grant: grant, error: error.error))
            let reply = Reply.json(error.json, status: error.status)
            return error == .client ? reply.adding("www-authenticate", "Basic realm=\"oidc\"") : reply
        }
    }
}

extension Reply {
    /// A passing failure of the token endpoint.
    static func tokenFault(_ status: Int) -> Reply {
        let error = status == 429 ? "too_many_requests" : "temporarily_unavailable"
        let reply = Reply.json(["error": .string(error), "error_description": "Told to fail"], status: status)
        return status == 429 || status == 503 ? reply.adding("retry-after", "1") : reply
    }
}
