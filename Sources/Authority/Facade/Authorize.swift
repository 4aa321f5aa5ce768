import Basics
import Gate
import OAuth
import Sessions

extension Authority {
    /// The authorization endpoint (RFC 6749, section 3.1): whoever is signed in here is asked, others sign in first.
    func authorize(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        let ask: AuthorizeAsk
        do throws(AuthorizeAsk.Fault) {
            ask = try AuthorizeAsk.read(request.query, of: workspace.settings)
        } catch { return answer(error, request) { answers.seeOther($0) } }
        switch await visitor(of: request, by: .browser) {
        case .unclear(let error): return unclear(error, request)
        case .session(let visitor) where visitor.session.standing == .active:
            return answers.page(consentPage(ask, visitor, request), forms: true)
        case .session, .nobody:
            guard let path = ReturnPath("\(request.path)?\(request.query)") else {
                return answer(ask.refusal("invalid_request", "The request is too long."), request) {
                    answers.seeOther($0)
                }
            }
            return answers.seeOther(loginURL(request, path))
        }
    }

    /// What the person said.
    func decide(
        _ request: LocalRequest, for visitor: SignedIn, form: [FormCoding.Field], at workspace: AuthorityWorkspace
    ) async -> LocalResponse {
        do throws(AuthorizeAsk.Fault) {
            let ask = try AuthorizeAsk.read(form.only("request") ?? "", of: workspace.settings)
            guard form.only("decision") == "allow" else {
                throw ask.refusal("access_denied", "The person did not allow it.")
            }
            let code = try await makeCode(for: ask, visitor, request)
            note("program allowed", request, visitor.session)
            return goOn(ask.returning([.init("code", code)], issuer: request.issuer), request)
        } catch { return answer(error, request) { goOn($0, request) } }
    }

    private func makeCode(
        for ask: AuthorizeAsk, _ visitor: SignedIn, _ request: LocalRequest
    ) async throws(AuthorizeAsk.Fault) -> String {
        let text = Base64URL.encode(outside.random.bytes(32))
        let code = AuthorizationCode(
            clientID: ask.client.id, redirectURI: ask.redirectURI, challenge: ask.challenge,
            session: visitor.session.id.text, workspace: request.workspace, authority: request.authority,
            endsAt: outside.clock.now() + AuthorizationCode.life)
        do throws(SessionError) {
            try await flows.put(codeName(text), code.bytes, life: AuthorizationCode.life)
        } catch {
            log("code not stored", request, error)
            throw ask.refusal("temporarily_unavailable", "The code could not be saved. Try again shortly.")
        }
        return text
    }

    /// To the client where that is safe, else to the person.
    private func answer(
        _ fault: AuthorizeAsk.Fault, _ request: LocalRequest, _ send: (String) -> LocalResponse
    ) -> LocalResponse {
        switch fault {
        case .answered(let redirect, let state, let error, let description):
            let fields: [FormCoding.Field] = [.init("error", error), .init("error_description", description)]
            return send(AuthorizeAsk.location(redirect, fields, state: state, issuer: request.issuer))
        case .untrusted(let reason):
            log("authorize request refused", request, reason)
            return answers.failure(.badForm(reason), to: request)
        }
    }

    /// A form's answer must not redirect: Content-Security-Policy would have to name all hosts that the client sends the
    /// browser on to, and has no words for `[::1]`.
    private func goOn(_ location: String, _ request: LocalRequest) -> LocalResponse {
        var page = Page(
            title: "Back to the program", workspace: request.workspace, requestID: request.requestID,
            content: [
                .paragraph("The program that asked gets its answer. You can close this window when it says so."),
                .action("Go on, if nothing happens", to: location),
            ])
        page.next = location
        return answers.page(page, forms: false)
    }
}

extension AuthorizeAsk {
    /// The client's address with an answer (RFC 6749, section 4.1.2; RFC 9207).
    func returning(_ fields: [FormCoding.Field], issuer: String) -> String {
        Self.location(redirectURI, fields, state: state, issuer: issuer)
    }

    static func location(
        _ redirectURI: String, _ fields: [FormCoding.Field], state: String?, issuer: String
    ) -> String {
        let known = state.map { [FormCoding.Field("state", $0)] } ?? []
        let sign = redirectURI.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        return redirectURI + sign + FormCoding.encode(fields + known + [.init("iss", issuer)])
    }

    func refusal(_ error: String, _ description: String) -> Fault {
        .answered(redirectURI: redirectURI, state: state, error: error, description: description)
    }
}
