import Settings

/// What an operator wants to see confirmed; no secrets.
enum SettingsSummary {
    /// A few lines, ending with a newline.
    static func text(of settings: Settings) -> String {
        let lines =
            [
                "clients      https://\(settings.listen)", "admin        http://\(settings.admin.listen)",
                "store        \(store(settings.store))",
            ] + settings.accounts.map { account($0, of: settings) }
            + settings.workspaces.flatMap { [workspace($0)] + identities($0) }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func store(_ store: StoreSettings) -> String {
        switch store {
        case .memory: "memory: a restart signs everybody out"
        case .redis(let redis): "\(redis.address), \(hasPassword(redis) ? "with" : "without") a password"
        }
    }

    fileprivate static func list(_ servers: [Endpoint]) -> String {
        servers.map { "\($0)" }.joined(separator: ",")
    }

    private static func hasPassword(_ redis: RedisSettings) -> Bool {
        redis.password != nil || redis.passwordPath != nil
    }

    private static func identities(_ workspace: WorkspaceSettings) -> [String] {
        let principals = workspace.principalsForAutomation
        let automation =
            principals.isEmpty
            ? "none: programs can do nothing in \(workspace.name), no rule lets them act as a service principal"
            : principals.joined(separator: ", ")
        let unused = workspace.servicePrincipals.map(\.name).filter { name in
            !workspace.identities.contains { $0.actAs == .principal(name) }
        }
        return ["automation   \(automation)"]
            + unused.map { "remark       service principal \($0) of \(workspace.name) is named by no rule" }
    }

    private static func account(_ account: AccountSettings, of settings: Settings) -> String {
        let workspaces = settings.workspaces.filter { $0.account == account }.map(\.name)
        return "account      \(account.name): one login at \(account.oauth.issuer) for "
            + (workspaces.isEmpty ? "no workspace: none names it" : workspaces.joined(separator: ", "))
    }

    private static func workspace(_ workspace: WorkspaceSettings) -> String {
        let kind = workspace.oauth.clientSecretPath == nil ? "public client" : "client with a secret"
        let login = (workspace.account.map { "account \($0.name), " } ?? "") + kind
        let proxy = workspace.egressProxy.map { " through the proxy \($0.endpoint)" } ?? ""
        return "workspace    \(workspace.name): \(workspace.hosts.joined(separator: ", ")) -> https://"
            + "\(workspace.upstream)\(proxy), \(login) \(workspace.oauth.clientID)"
    }
}

extension RedisSettings {
    /// As in the settings, without user and password.
    var address: String {
        let scheme = tls == nil ? "redis" : "rediss"
        if let masterName { return "\(scheme)+sentinel://\(SettingsSummary.list(sentinels))/\(masterName)/\(database)" }
        if !cluster.isEmpty { return "\(scheme)+cluster://\(SettingsSummary.list(cluster))" }
        return "\(scheme)://\(endpoint)/\(database)"
    }
}
