import Settings

/// What an operator wants to see confirmed; no secrets.
enum SettingsSummary {
    /// A few lines, ending with a newline.
    static func text(of settings: Settings) -> String {
        let lines =
            [
                "clients      https://\(settings.listen)", "admin        http://\(settings.admin.listen)",
                "store        \(store(settings.store))",
            ] + settings.workspaces.map(workspace)
        return lines.map { $0 + "\n" }.joined()
    }

    private static func store(_ store: StoreSettings) -> String {
        switch store {
        case .memory: "memory: a restart signs everybody out"
        case .redis(let redis):
            "\(address(of: redis))/\(redis.database), \(hasPassword(redis) ? "with" : "without") a password"
        }
    }

    private static func address(of redis: RedisSettings) -> String {
        let scheme = redis.tls == nil ? "redis" : "rediss"
        guard let master = redis.masterName else { return "\(scheme)://\(redis.endpoint)" }
        return "\(scheme)+sentinel://\(redis.sentinels.map { "\($0)" }.joined(separator: ","))/\(master)"
    }

    private static func hasPassword(_ redis: RedisSettings) -> Bool {
        redis.password != nil || redis.passwordPath != nil
    }

    private static func workspace(_ workspace: WorkspaceSettings) -> String {
        let login = workspace.oauth.clientSecretPath == nil ? "public client" : "client with a secret"
        let proxy = workspace.egressProxy.map { " through the proxy \($0.endpoint)" } ?? ""
        return "workspace    \(workspace.name): \(workspace.hosts.joined(separator: ", ")) -> https://"
            + "\(workspace.upstream)\(proxy), \(login) \(workspace.oauth.clientID)"
    }
}
