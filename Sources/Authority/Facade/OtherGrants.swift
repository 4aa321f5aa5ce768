import Basics
import Gate
import JOSE
import Sessions
import Settings

extension Authority {
    /// RFC 6749, section 4.4: a machine client gets a token for itself, and no refresh token.
    func serve(
        _ client: FacadeClient, _ request: LocalRequest, at workspace: WorkspaceSettings
    ) async throws(OAuthFault) -> TokenAnswer {
        guard case .machine(let machine) = client, let key = machine.keyPath.flatMap({ facade.clientKeys.digest($0) })
        else {
            throw OAuthFault(code: "unauthorized_client", description: "This client may not act without a person.")
        }
        var claims = claims(
            for: machine.name, subject: machine.name, until: Timestamp(milliseconds: .max), request)
        claims.key = key.publicID
        return try await answer(claims)
    }

    /// RFC 8693, which drivers of Databricks use for tokens that they take for another issuer's. It gives nothing but what was
    /// brought: a token that is ours is looked at, any other bearer is for whoever it is shown to.
    func exchange(_ form: TokenForm, _ request: LocalRequest) async throws(OAuthFault) -> TokenAnswer {
        let token = Secret(try form.needed("subject_token"))
        _ = try form.needed("subject_token_type")
        guard form["actor_token"] == nil else { throw .request("Nobody acts for somebody else here.") }
        guard [nil, Self.accessToken, Self.signedToken].contains(form["requested_token_type"]) else {
            throw .request("This token type is not on offer.")
        }
        let until = try await end(of: token, request)
        return TokenAnswer(accessToken: token.reveal(), expiresIn: until, issuedTokenType: Self.accessToken)
    }

    /// In how many seconds; an hour where that is not known.
    private func end(of token: Secret<String>, _ request: LocalRequest) async throws(OAuthFault) -> Int64 {
        if case .refused(let reason) = try await meaning(of: token, request) {
            throw .grant("The subject token is good for nothing: \(reason)")
        }
        let hour = Self.accessLife.milliseconds / 1000
        guard let end = UnverifiedToken(token)?.claims.expiresAt else { return hour }
        return min(max(end - outside.clock.now().milliseconds / 1000, 0), 86400)
    }

    private func meaning(
        of token: Secret<String>, _ request: LocalRequest
    ) async throws(OAuthFault) -> ResolvedBearer.Meaning {
        do throws(SessionError) {
            return try await facade.bearers.resolve(token, workspace: request.workspace).meaning
        } catch {
            log("subject token not looked at", request, error)
            throw .passing
        }
    }

    private static let accessToken = "urn:ietf:params:oauth:token-type:access_token"
    private static let signedToken = "urn:ietf:params:oauth:token-type:jwt"
}
