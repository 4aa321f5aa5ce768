import Basics
import Gate
import OAuth
import Sessions
import Settings

extension Authority {
    /// RFC 6749, section 4.1.3, with RFC 7636, section 4.6.
    func redeemCode(
        _ form: TokenForm, _ request: LocalRequest, at workspace: WorkspaceSettings
    ) async throws(OAuthFault) -> TokenAnswer {
        let client = try client(form, request, of: workspace)
        let (text, redirect) = (try form.needed("code"), try form.needed("redirect_uri"))
        guard let proof = PKCE(verifier: try form.needed("code_verifier")) else {
            throw .request("The code_verifier is none.")
        }
        guard Self.isRandomWord(text), let code = try await takeCode(text, request),
            code.clientID.isSameText(client.id), code.redirectURI.isSameText(redirect),
            code.workspace == request.workspace, code.authority == request.authority,
            outside.clock.now() < code.endsAt, isProved(code, by: proof), let id = SessionID(text: code.session)
        else { throw .grant("The code is none, or not for this request.") }
        let issued = try await makeLogin(for: client, in: id, request)
        try await markSpent(text, issued, request)
        return try await answer(for: issued, client, request, workspace)
    }

    private func isProved(_ code: AuthorizationCode, by proof: PKCE) -> Bool {
        constantTimeEqual(Array(proof.challenge(sha256: outside.sha256).utf8), Array(code.challenge.utf8))
    }

    private func takeCode(_ text: String, _ request: LocalRequest) async throws(OAuthFault) -> AuthorizationCode? {
        do throws(SessionError) {
            if let stored = try await flows.take(codeName(text)) { return AuthorizationCode(bytes: stored.reveal()) }
            try await punish(text, request)
            return nil
        } catch {
            log("code not looked at", request, error)
            throw .passing
        }
    }

    /// Who comes with a code that is not there may be second. What the first one got ends, or will not begin.
    private func punish(_ text: String, _ request: LocalRequest) async throws(SessionError) {
        if let stored = try await flows.take(spentName(text)) {
            guard let spent = SpentCode(bytes: stored.reveal()), let id = SessionID(text: spent.session),
                let key = KeyDigest(bytes: spent.key)
            else { return }
            log("a code came twice, its login ends", request, spent.session)
            try await keeper.removeKey(key, from: id)
        } else if strays.mayBegin(at: outside.clock.now(), by: request.client) == .yes {
            try await flows.put(spentName(text), Secret([]), life: AuthorizationCode.life)
        }
    }

    private func markSpent(_ text: String, _ login: Login, _ request: LocalRequest) async throws(OAuthFault) {
        do throws(SessionError) {
            let spent = SpentCode(session: login.session.id, key: login.key.digest)
            try await flows.put(spentName(text), spent.bytes, life: SpentCode.life)
        } catch .contended {
            log("a code came twice at the same time, its login ends", request, login.session.id.text)
            try? await keeper.removeKey(login.key.digest, from: login.session.id)
            throw .grant("The code is none, or not for this request.")
        } catch {
            log("a code used was not marked as such", request, error)
        }
    }
}
