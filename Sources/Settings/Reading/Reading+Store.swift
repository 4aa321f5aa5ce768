import Basics

extension Reading {
    mutating func store(_ top: Section) -> StoreSettings? {
        let known = mistakes.count
        let store = value(.store, in: top, StoreAddress.parse)
        let password = variable(.storePassword)
        let passwordPath = path(.storePasswordFile, in: top)
        if password != nil, passwordPath != nil {
            reportPassword("is set together with LAKEGATE_STORE_PASSWORD", .storePasswordFile, "unset one of the two")
        }
        let tls = storeTLS(section("storeTLS", in: top))
        switch store {
        case .redis(var redis)?:
            if redis.tls != nil { redis.tls = tls }
            if redis.tls == nil, tls != RedisTLSSettings() { reportUnusedTLS(top) }
            if password != nil || passwordPath != nil {
                redis.password = password.map(Secret.init)
                redis.passwordPath = passwordPath
            }
            checkUser(of: redis, top)
            return .redis(redis)
        case .memory?:
            if tls != RedisTLSSettings() { reportUnusedTLS(top) }
            if password != nil { reportUnused(.storePassword) }
            if passwordPath != nil { reportUnused(.storePasswordFile) }
            return .memory
        case nil:
            assert(mistakes.count > known, "a required knob without a value is a mistake")
            return nil
        }
    }

    private mutating func storeTLS(_ section: Section) -> RedisTLSSettings {
        let tls = RedisTLSSettings(
            caPath: path(.storeTLSCAFile, in: section), certificatePath: path(.storeTLSCertificate, in: section),
            privateKeyPath: path(.storeTLSPrivateKey, in: section))
        if (tls.certificatePath == nil) != (tls.privateKeyPath == nil) {
            let missing: Knob = tls.certificatePath == nil ? .storeTLSCertificate : .storeTLSPrivateKey
            var incomplete = mistake(
                missing, at: section.place(of: missing.name), "is missing beside the other of the two")
            incomplete.remedy = "name both files, or neither"
            report(incomplete)
        }
        return tls
    }

    private mutating func reportUnusedTLS(_ top: Section) {
        report(
            SettingsMistake(
                .init(key: "storeTLS", line: nil), "is set, but `store` does not ask for TLS",
                remedy: "write rediss:// or rediss+sentinel://, or take it out"))
    }

    private func variable(_ knob: Knob) -> String? {
        knob.environment.flatMap { environment[$0] }
    }

    private mutating func checkUser(of redis: RedisSettings, _ top: Section) {
        guard redis.username != nil, redis.password == nil, redis.passwordPath == nil else { return }
        var incomplete = mistake(.store, at: storePlace(top), "has a user without a password")
        incomplete.remedy = "set LAKEGATE_STORE_PASSWORD_FILE, or leave the user out"
        report(incomplete)
    }

    private func storePlace(_ top: Section) -> SettingsMistake.Place {
        guard let name = Knob.store.environment, environment[name] != nil else { return top.place(of: Knob.store.name) }
        return SettingsMistake.Place(key: name, line: nil)
    }

    private mutating func reportUnused(_ knob: Knob) {
        reportPassword("is set, but the store is `memory`", knob, "unset it, or set the store to a redis:// URL")
    }

    private mutating func reportPassword(_ problem: String, _ knob: Knob, _ remedy: String) {
        report(SettingsMistake(.init(key: knob.name, line: nil), problem, remedy: remedy))
    }
}
