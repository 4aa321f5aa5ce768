import Gate
import OAuth
import Settings

extension Authority {
    /// The token endpoint (RFC 6749, section 3.2). Whatever goes wrong, its answer is JSON that OAuth clients read.
    func token(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        do throws(OAuthFault) {
            let form = try TokenForm(request)
            let answer = try await grant(form, request, at: workspace.settings)
            return answers.json(answer, and: [(name: "Pragma", value: "no-cache")])
        } catch {
            return answers.json(error, status: error.status, and: error.fields)
        }
    }

    private func grant(
        _ form: TokenForm, _ request: LocalRequest, at workspace: WorkspaceSettings
    ) async throws(OAuthFault) -> TokenAnswer {
        guard let type = GrantType(rawValue: try form.needed("grant_type")) else {
            throw OAuthFault(code: "unsupported_grant_type", description: "This grant type is not on offer.")
        }
        switch type {
        case .authorizationCode: return try await redeemCode(form, request, at: workspace)
        case .refreshToken: return try await renew(form, request, at: workspace)
        case .clientCredentials:
            return try await serve(try client(form, request, of: workspace), request, at: workspace)
        case .deviceCode: return try await redeemDevice(form, request, at: workspace)
        case .tokenExchange: return try await exchange(form, request)
        }
    }
}
