/// Who may act as whom at one workspace.
extension Reading {
    typealias Identities = ([ServicePrincipalSettings], [MachineClientSettings], [IdentityRuleSettings])

    mutating func identities(_ workspace: Section, at origin: String) -> Identities {
        let principals = principals(workspace, at: origin)
        let clients = clients(workspace)
        let names = (Set(principals.map(\.name)), Set(clients.map(\.name)))
        let rules = optionalSections(.identityRules, in: workspace).compactMap { rule($0, names.0, names.1) }
        return (principals, clients, rules)
    }

    private mutating func principals(_ workspace: Section, at origin: String) -> [ServicePrincipalSettings] {
        var names = FirstPlaces()
        return optionalSections(.servicePrincipals, in: workspace).compactMap { section in
            let name = value(.principalName, in: section) { text throws(Complaint) in
                guard !["user", "refuse"].contains(text) else { throw Complaint("means something else in a rule") }
                return try PlainValue.name(text)
            }
            if let name { once(name, at: section.place(of: "name"), .principalName, &names) }
            return principal(section, name: name, at: origin)
        }
    }

    private mutating func principal(
        _ section: Section, name: String?, at origin: String
    ) -> ServicePrincipalSettings? {
        let clientID = value(.principalClientID, in: section, PlainValue.word)
        let secret = secretPath(.principalSecretFile, in: section)
        let scopes = list(.principalScopes, in: section, PlainValue.word)
        let tokenURL = value(.principalTokenURL, in: section, WebAddress.url)
        let azureID = value(.principalAzureID, in: section) { text throws(Complaint) in
            guard text.hasPrefix("/subscriptions/") else { throw Complaint("does not begin with /subscriptions/") }
            return try PlainValue.word(text)
        }
        guard let name, let clientID, let secret, let scopes else { return nil }
        return ServicePrincipalSettings(
            name: name, clientID: clientID, clientSecretPath: secret, scopes: scopes.map(\.value),
            tokenURL: tokenURL ?? origin + "/oidc/v1/token", azureResourceID: azureID)
    }

    private mutating func clients(_ workspace: Section) -> [MachineClientSettings] {
        var names = FirstPlaces()
        return optionalSections(.clients, in: workspace).compactMap { section in
            let name = value(.clientName, in: section, PlainValue.name)
            if let name { once(name, at: section.place(of: "name"), .clientName, &names) }
            return client(section, name: name)
        }
    }

    private mutating func client(_ section: Section, name: String?) -> MachineClientSettings? {
        let key = secretPath(.clientKeyFile, in: section)
        let certificate = value(.clientCertificateName, in: section, PlainValue.word)
        let issuer = issuer(section)
        let redirects = several(.clientRedirectURIs, in: section, WebAddress.url)
        let mayAsk = value(.clientMayAskForSessions, in: section, PlainValue.flag)
        guard let name, let mayAsk else { return nil }
        if !redirects.isEmpty, key == nil {
            report(mistake(.clientKeyFile, at: section.place(of: "keyFile"), "is missing beside `redirectURIs`"))
        }
        lookForProof(section)
        return MachineClientSettings(
            name: name, keyPath: key, certificateName: certificate, issuer: issuer,
            redirectURIs: redirects.map(\.value), mayAskForSessions: mayAsk)
    }

    /// A client needs something that shows who it is, and certificates an authority.
    private mutating func lookForProof(_ section: Section) {
        if section.values["certificateName"] != nil, !asksForCertificates {
            report(
                SettingsMistake(
                    section.place(of: "certificateName"), "is set, but clients are asked for no certificate",
                    remedy: "add `clientAuthorityFile: \(Knob.tlsClientAuthority.example)` under `tls:`, or remove it"))
        }
        let proofs = ["keyFile", "certificateName", "tokenIssuer", "tokenSubject", "tokenAudience", "redirectURIs"]
        guard !proofs.contains(where: { section.values[$0] != nil }) else { return }
        report(
            SettingsMistake(
                section.place(of: "name"), "names a client that can't show who it is",
                remedy: "add `keyFile` (lakegate keys client makes one), `certificateName` or `tokenIssuer`"))
    }

    private mutating func issuer(_ section: Section) -> TokenIssuerSettings? {
        let issuer = value(.clientTokenIssuer, in: section, WebAddress.issuer)
        let subject = value(.clientTokenSubject, in: section, PlainValue.word)
        let audience = value(.clientTokenAudience, in: section, PlainValue.word)
        let keys = value(.clientTokenKeysURL, in: section, WebAddress.url)
        guard let issuer, let subject, let audience else {
            let given = [Knob.clientTokenIssuer, .clientTokenSubject, .clientTokenAudience, .clientTokenKeysURL]
            if given.contains(where: { section.values[$0.name] != nil }) { reportHalfAnIssuer(section) }
            return nil
        }
        return TokenIssuerSettings(issuer: issuer, subject: subject, audience: audience, keysURL: keys)
    }

    private mutating func reportHalfAnIssuer(_ section: Section) {
        for knob in [Knob.clientTokenIssuer, .clientTokenSubject, .clientTokenAudience]
        where section.values[knob.name] == nil {
            report(mistake(knob, at: section.place(of: knob.name), "is missing beside the other `token…` keys"))
        }
    }

    private mutating func rule(
        _ section: Section, _ principals: Set<String>, _ clients: Set<String>
    ) -> IdentityRuleSettings? {
        let match = match(self.section("match", in: section), clients)
        let actAs = value(.actAs, in: section) { text throws(Complaint) -> IdentityRuleSettings.ActAs in
            switch text {
            case "user": return .user
            case "refuse": return .refuse
            default:
                guard principals.contains(text) else { throw Complaint("is not a name of `servicePrincipals`") }
                return .principal(text)
            }
        }
        return actAs.map { IdentityRuleSettings(match: match, actAs: $0) }
    }

    private mutating func match(_ section: Section, _ clients: Set<String>) -> IdentityRuleSettings.Match {
        IdentityRuleSettings.Match(
            paths: several(.matchPath, in: section, PlainValue.path).map(\.value),
            methods: several(.matchMethod, in: section, PlainValue.method).map(\.value),
            warehouses: several(.matchWarehouse, in: section, PlainValue.word).map(\.value),
            clusters: several(.matchCluster, in: section, PlainValue.word).map(\.value),
            jobs: several(.matchJob, in: section, PlainValue.digits).map(\.value),
            clients: several(.matchClient, in: section) { text throws(Complaint) in
                guard clients.contains(text) else { throw Complaint("is not a name of `clients`") }
                return text
            }.map(\.value),
            users: several(.matchUser, in: section, PlainValue.word).map(\.value), groups: groups(section))
    }

    /// Beside users, some would take it for "and", others for "or".
    private mutating func groups(_ section: Section) -> [String] {
        let groups = several(.matchGroup, in: section, PlainValue.groupName).map(\.value)
        if section.values["group"] != nil, section.values["user"] != nil {
            report(
                SettingsMistake(
                    section.place(of: "group"), "stands beside `user`", remedy: "write a rule for each of the two"))
        }
        return groups
    }
}
