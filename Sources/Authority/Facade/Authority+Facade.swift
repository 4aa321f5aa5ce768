import Gate
import JOSE

/// The OAuth server that unmodified clients of Databricks log in through.
extension Authority {
    func respond(
        to request: LocalRequest, on route: FacadeRoute, of workspace: AuthorityWorkspace
    ) async -> LocalResponse {
        guard route.methods.contains(request.method) else {
            return answers.failure(.wrongMethod(allowed: route.methods), to: request)
        }
        switch route {
        case .hostFacts: return answers.json(HostFacts(workspace.settings.facts, issuer: request.issuer))
        case .metadata:
            return answers.json(ServerMetadata(issuer: request.issuer, scopes: workspace.settings.oauth.scopes))
        case .keySet: return answers.json(facade.keys.published())
        case .authorize: return await authorize(request, at: workspace)
        case .consent: return await changing(request) { await decide($0, for: $1, form: $2, at: workspace) }
        case .deviceAuthorization: return await authorizeDevice(request, at: workspace)
        case .token: return await token(request, at: workspace)
        }
    }
}
