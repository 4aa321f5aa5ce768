import Edge
import Gate
import Settings

/// The rules of a workspace as the gate reads them: by places in its lists, not by names.
extension WorkspaceSettings {
    var rules: IdentityRules {
        IdentityRules(identities.map(rule))
    }

    /// Which client shows a certificate with this name.
    var certificateNames: [String: Int] {
        Dictionary(
            clients.enumerated().compactMap { index, client in client.certificateName.map { ($0, index) } },
            uniquingKeysWith: { first, _ in first })
    }

    private func rule(_ rule: IdentityRuleSettings) -> IdentityRule {
        let match = rule.match
        return IdentityRule(
            paths: match.paths, methods: match.methods, warehouses: match.warehouses, clusters: match.clusters,
            jobs: match.jobs, clients: match.clients.compactMap { name in clients.firstIndex { $0.name == name } },
            users: match.users, groups: match.groups, actAs: actAs(rule.actAs))
    }

    private func actAs(_ actAs: IdentityRuleSettings.ActAs) -> ActAs {
        switch actAs {
        case .user: .user
        case .refuse: .refuse
        case .principal(let name):
            servicePrincipals.firstIndex { $0.name == name }.map { .principal($0) } ?? .refuse
        }
    }
}

extension EdgeWorkspace {
    mutating func take(identitiesOf settings: WorkspaceSettings) {
        clients = settings.clients.map(\.name)
        principals = settings.servicePrincipals.map(\.name)
        rules = settings.rules
        certificateNames = settings.certificateNames
    }
}
