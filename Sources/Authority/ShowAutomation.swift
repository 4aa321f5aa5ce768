import Basics
import Gate
import Sessions
import Settings

extension Authority {
    /// Whether programs can act as a service principal of this workspace, which an IDE asks before it offers a schedule.
    /// Anybody may ask who is known here: a person, or a program.
    func showAutomation(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        for kind in [KeyKind.browser, .token] {
            switch await visitor(of: request, by: kind) {
            case .session: return await automation(at: workspace.settings)
            case .unclear(let error): return unclear(error, request)
            case .nobody: break
            }
        }
        switch await machine(behind: request, at: workspace) {
        case .program: return await automation(at: workspace.settings)
        case .unclear(let error): return unclear(error, request)
        case .refused: return answers.failure(.loginNeeded, to: request)
        }
    }

    private func automation(at settings: WorkspaceSettings) async -> LocalResponse {
        answers.json(Automation(of: settings, await probe.standings(at: settings.name)))
    }
}

/// What a program reads of it.
private struct Automation: Encodable {
    var workspace: String
    var available: Bool
    /// Names of service principals, in the order of the configuration.
    var servicePrincipals: [String]
    var principals: [PrincipalStanding]

    init(of settings: WorkspaceSettings, _ standings: [PrincipalStanding]) {
        workspace = settings.name
        servicePrincipals = settings.principalsForAutomation
        available = !servicePrincipals.isEmpty
        principals = standings
    }

    enum CodingKeys: String, CodingKey {
        case workspace, available, principals
        case servicePrincipals = "service_principals"
    }
}
