import Basics

extension Reading {
    mutating func store(_ top: Section) -> StoreSettings? {
        let known = mistakes.count
        let store = value(.store, in: top, StoreAddress.parse)
        let around = around(top)
        switch store {
        case .redis(let redis)?: return .redis(completed(redis, around, top))
        case .memory?:
            reportUnused(around, beside: nil)
            if around.password != nil { reportUnused(.storePassword) }
            if around.passwordPath != nil { reportUnused(.storePasswordFile) }
            return .memory
        case nil:
            assert(mistakes.count > known, "a required knob without a value is a mistake")
            return nil
        }
    }

    /// What is set beside `store`.
    private struct Around {
        var password: String?
        var passwordPath: String?
        var tls: RedisTLSSettings
        var sentinelLogin: SentinelLoginSettings
        var replicas: RedisReplicaSettings
    }

    private mutating func around(_ top: Section) -> Around {
        let password = variable(.storePassword)
        let passwordPath = path(.storePasswordFile, in: top)
        if password != nil, passwordPath != nil {
            reportPassword("is set together with LAKEGATE_STORE_PASSWORD", .storePasswordFile, "unset one of the two")
        }
        return Around(
            password: password, passwordPath: passwordPath, tls: storeTLS(section("storeTLS", in: top)),
            sentinelLogin: sentinelLogin(section("storeSentinel", in: top)),
            replicas: replicas(section("storeReplicas", in: top)))
    }

    private mutating func completed(_ redis: RedisSettings, _ around: Around, _ top: Section) -> RedisSettings {
        var redis = redis
        reportUnused(around, beside: redis)
        if redis.tls != nil { redis.tls = around.tls }
        redis.sentinelLogin = around.sentinelLogin
        redis.replicas = around.replicas
        if around.password != nil || around.passwordPath != nil {
            redis.password = around.password.map(Secret.init)
            redis.passwordPath = around.passwordPath
        }
        checkUser(of: redis, top)
        return redis
    }

    private mutating func sentinelLogin(_ section: Section) -> SentinelLoginSettings {
        let login = SentinelLoginSettings(
            username: value(.storeSentinelUsername, in: section, PlainValue.word),
            passwordPath: path(.storeSentinelPasswordFile, in: section))
        if login.username != nil, section.values[Knob.storeSentinelPasswordFile.name] == nil {
            let place = section.place(of: Knob.storeSentinelUsername.name)
            report(mistake(.storeSentinelPasswordFile, at: place, "is a user without a password"))
        }
        return login
    }

    private mutating func replicas(_ section: Section) -> RedisReplicaSettings {
        let standard = RedisReplicaSettings()
        let number = value(.storeReplicasAcknowledgements, in: section) { text throws(Complaint) in
            try PlainValue.number(text, in: 0...5)
        }
        let patience = value(.storeReplicasWaitAtMost, in: section) { text throws(Complaint) in
            try PlainValue.shortDuration(text, in: .milliseconds(10) ... .seconds(2))
        }
        return RedisReplicaSettings(
            acknowledgements: number ?? standard.acknowledgements, patience: patience ?? standard.patience)
    }

    /// - Parameter redis: `nil` for a store in memory.
    private mutating func reportUnused(_ around: Around, beside redis: RedisSettings?) {
        if redis?.tls == nil, around.tls != RedisTLSSettings() {
            reportUnused(
                "storeTLS", "is set, but `store` does not ask for TLS",
                "write rediss://, rediss+sentinel:// or rediss+cluster://, or take it out")
        }
        if redis?.masterName == nil, around.sentinelLogin != SentinelLoginSettings() {
            reportUnused(
                "storeSentinel", "is set, but `store` names no Sentinels", "write redis+sentinel://, or take it out")
        }
        if redis == nil, around.replicas != RedisReplicaSettings() {
            reportUnused("storeReplicas", "is set, but the store is `memory`", "write a redis:// URL, or take it out")
        }
    }

    private mutating func reportUnused(_ key: String, _ problem: String, _ remedy: String) {
        report(SettingsMistake(.init(key: key, line: nil), problem, remedy: remedy))
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
