import Basics

extension Reading {
    mutating func settings(_ top: Section) -> Settings? {
        let listen = value(.listen, in: top) { text throws(Complaint) in try Endpoint(text) }
        let tls = tls(section("tls", in: top))
        let admin = admin(section("admin", in: top))
        let store = store(top)
        let sealing = sealing(section("sealing", in: top), for: store)
        let sessions = sessions(section("sessions", in: top))
        let accessLog = accessLog(top)
        let drain = drain(section("drain", in: top))
        let eventLoops = value(.eventLoops, in: top) { text throws(Complaint) in
            try PlainValue.number(text, in: 1...256)
        }
        let limits = limits(section("limits", in: top))
        let places = places(top)
        guard let listen, let tls, let admin, let store, let sessions, let accessLog, let drain else { return nil }
        var settings = Settings(
            listen: listen, tls: tls, admin: admin, store: store, sealing: sealing, sessions: sessions,
            workspaces: places.workspaces, eventLoops: eventLoops, accessLog: accessLog, drain: drain, limits: limits)
        settings.accounts = places.accounts
        return settings
    }

    /// Reads a path and lets a relative one start at the configuration's folder.
    mutating func path(_ knob: Knob, in section: Section) -> String? {
        let folder = folder
        let path = value(knob, in: section) { text throws(Complaint) in try FilePath.resolve(text, from: folder) }
        if let path { files.append(.init(place: section.place(of: knob.name), path: path)) }
        return path
    }

    private mutating func tls(_ section: Section) -> TLSSettings? {
        let certificate = path(.tlsCertificate, in: section)
        let privateKey = path(.tlsPrivateKey, in: section)
        let oldest: TLSVersion? = value(.tlsOldestVersion, in: section, PlainValue.choice)
        let clients = path(.tlsClientAuthority, in: section)
        asksForCertificates = section.values[Knob.tlsClientAuthority.name] != nil
        guard let certificate, let privateKey else { return nil }
        return TLSSettings(
            certificatePath: certificate, privateKeyPath: privateKey, oldestVersion: oldest ?? .tls12,
            clientAuthorityPath: clients)
    }

    private mutating func admin(_ section: Section) -> AdminSettings? {
        let anywhere = value(.adminInsecureListenAnywhere, in: section, PlainValue.flag)
        let token = secretPath(.adminTokenFile, in: section)
        return value(.adminListen, in: section) { text throws(Complaint) in
            let endpoint = try Endpoint(text)
            guard endpoint.isLoopback || anywhere != false else {
                throw Complaint(
                    "is an address that other machines may reach, and the admin listener asks for no login",
                    remedy: "write `127.0.0.1:\(endpoint.port)`, or add `insecureListenAnywhere: true` under `admin:`"
                        + " if the network around it is closed")
            }
            return endpoint
        }.map { AdminSettings(listen: $0, tokenPath: token) }
    }

    private mutating func sealing(_ section: Section, for store: StoreSettings?) -> SealingSettings {
        let known = mistakes.count
        let keyring = path(.sealingKeyring, in: section)
        if case .redis? = store, keyring == nil, mistakes.count == known {
            var missing = mistake(
                .sealingKeyring, at: section.place(of: Knob.sealingKeyring.name),
                "is missing; the sessions in Redis are sealed with it")
            missing.remedy =
                "run `lakegate keys generate --output keyring.json` and add"
                + " `keyring: keyring.json` under `sealing:`"
            report(missing)
        }
        return SealingSettings(keyringPath: keyring)
    }

    private mutating func sessions(_ section: Section) -> SessionSettings? {
        let lifetime = value(.sessionsLifetime, in: section) { text throws(Complaint) in
            try PlainValue.duration(text, in: .seconds(5 * 60) ... .seconds(400 * 86400))
        }
        let staleness = value(.sessionsStaleness, in: section) { text throws(Complaint) in
            try PlainValue.duration(text, in: .seconds(1) ... .seconds(600))
        }
        let answerTime = value(.sessionsRefreshAnswerTime, in: section) { text throws(Complaint) in
            try PlainValue.duration(text, in: .seconds(2) ... .seconds(600))
        }
        let notice = value(.sessionsEndNotice, in: section) { text throws(Complaint) in
            try PlainValue.duration(text, in: .zero ... .seconds(30 * 86400))
        }
        guard let lifetime, let staleness, let answerTime, let notice else { return nil }
        return SessionSettings(
            lifetime: lifetime, staleness: staleness, refreshAnswerTime: answerTime, endNotice: notice)
    }

    private mutating func drain(_ section: Section) -> DrainSettings? {
        let announce = value(.drainAnnounce, in: section) { text throws(Complaint) in
            try PlainValue.duration(text, in: .zero ... .seconds(600))
        }
        let patience = value(.drainPatience, in: section) { text throws(Complaint) in
            try PlainValue.duration(text, in: .zero ... .seconds(3600))
        }
        guard let announce, let patience else { return nil }
        return DrainSettings(announce: announce, patience: patience)
    }

    private mutating func accessLog(_ top: Section) -> AccessLogSettings? {
        let folder = folder
        return value(.accessLog, in: top) { text throws(Complaint) in
            switch text {
            case "stdout": .standardOutput
            case "off": .off
            default: .file(path: try FilePath.resolve(text, from: folder))
            }
        }
    }
}
