import Settings

// What Redis and its Sentinels are reached with.
extension FilesCheck {
    func store(_ store: StoreSettings) -> [SettingsMistake] {
        guard case .redis(let redis) = store else { return [] }
        let files: [(String?, ConfigurationFile.PasswordKey)] = [
            (redis.passwordPath, .storePassword), (redis.sentinelLogin.passwordPath, .sentinelPassword),
        ]
        let passwords = files.flatMap { path, key in
            path.map { path in read { () throws(SettingsMistakes) in try ConfigurationFile.password(path, key) } } ?? []
        }
        return passwords + (redis.tls.map { authority($0.caPath) + clientCertificate($0) } ?? [])
    }

    private func authority(_ path: String?) -> [SettingsMistake] {
        guard let path else { return [] }
        let unreadable = readable(path, "storeTLS.authorityFile")
        guard unreadable.isEmpty, let open = openers.trust else { return unreadable }
        return opened("storeTLS.authorityFile") { try open(path) }
    }

    private func clientCertificate(_ tls: RedisTLSSettings) -> [SettingsMistake] {
        guard let chain = tls.certificatePath, let key = tls.privateKeyPath else { return [] }
        let unreadable = readable(chain, "storeTLS.clientCertificate") + readable(key, "storeTLS.clientKey")
        guard unreadable.isEmpty, let open = openers.clientCertificate else { return unreadable }
        return opened("storeTLS.clientCertificate") { try open(chain, key) }
    }
}
