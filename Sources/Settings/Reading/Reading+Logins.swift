/// Where people log in: at each workspace, or at an account for several.
extension Reading {
    mutating func accounts(_ top: Section, _ names: inout FirstPlaces) -> [NamedAccount] {
        optionalSections(.accounts, in: top).compactMap { account($0, &names) }
    }

    private mutating func account(_ section: Section, _ names: inout FirstPlaces) -> NamedAccount? {
        let name = value(.accountName, in: section, PlainValue.name)
        if let name { once(name, at: section.place(of: "name"), .accountName, &names) }
        let caPath = path(.accountCAFile, in: section)
        let id = value(.accountAccountID, in: section, PlainValue.word)
        let cloud: WorkspaceFacts.Cloud? = value(.accountCloud, in: section, PlainValue.choice)
        let login = self.section("oauth", in: section)
        let exchanges = value(.accountExchangesTokens, in: section, PlainValue.flag)
        if section.values["accountID"] == nil { needAddresses(login) }
        let root = "https://\((cloud ?? .aws).accountsHost)/oidc/accounts/\(id ?? "")"
        let oauth = oauth(login, .ofAccount, root: root)
        guard let name else { return nil }
        var settings = oauth.map { AccountSettings(name: name, caPath: caPath, oauth: $0, accountID: id) }
        settings?.exchangesTokens = exchanges ?? false
        return NamedAccount(name: name, settings: settings)
    }

    /// Nothing tells where a provider is that is not Databricks.
    private mutating func needAddresses(_ login: Section) {
        let knobs = OAuthKnobs.ofAccount
        for knob in [knobs.issuer, knobs.authorizeURL, knobs.tokenURL] where login.values[knob.name] == nil {
            var missing = mistake(knob, at: login.place(of: knob.name), "is missing, and there is no `accountID`")
            missing.remedy = "add `accountID`, or `\(knob.name)` under `oauth:`"
            report(missing)
        }
    }

    /// The workspace's own app connection, or that of the account that it names.
    mutating func login(
        _ workspace: Section, _ accounts: [NamedAccount], at origin: String
    ) -> (oauth: OAuthSettings, account: AccountSettings?)? {
        guard workspace.values["account"] != nil else {
            return oauth(section("oauth", in: workspace), .ofWorkspace, root: origin + "/oidc").map { ($0, nil) }
        }
        if workspace.values["oauth"] != nil {
            report(
                SettingsMistake(
                    workspace.place(of: "oauth"), "is set beside `account`, where people log in",
                    remedy: "remove one of the two"))
        }
        let account = value(.workspaceAccount, in: workspace) { text throws(Complaint) in
            guard let account = accounts.first(where: { $0.name == text }) else {
                throw Complaint("is not a name of `accounts`")
            }
            return account
        }
        return account?.settings.map { ($0.oauth, $0) }
    }

    private mutating func oauth(_ section: Section, _ knobs: OAuthKnobs, root: String) -> OAuthSettings? {
        let clientID = value(knobs.clientID, in: section, PlainValue.word)
        let secret = secretPath(knobs.clientSecretFile, in: section)
        let scopes = list(knobs.scopes, in: section, PlainValue.word)
        let issuer = value(knobs.issuer, in: section, WebAddress.issuer)
        let authorize = value(knobs.authorizeURL, in: section, WebAddress.url)
        let token = value(knobs.tokenURL, in: section, WebAddress.url)
        let revocation = value(knobs.revocationEndpoint, in: section, WebAddress.url)
        let grace = value(knobs.refreshGrace, in: section) { text throws(Complaint) in
            try PlainValue.duration(text, in: .zero ... .seconds(600))
        }
        let former = optionalSections(knobs.formerClients, in: section).compactMap { formerClient($0, knobs) }
        guard let clientID, let scopes, let grace else { return nil }
        var settings = OAuthSettings(
            clientID: clientID, clientSecretPath: secret, scopes: scopes.map(\.value), issuer: issuer ?? root,
            authorizeURL: authorize ?? root + "/v1/authorize", tokenURL: token ?? root + "/v1/token",
            revocationEndpoint: revocation, refreshGrace: grace)
        settings.formerClients = former
        return settings
    }

    private mutating func formerClient(_ section: Section, _ knobs: OAuthKnobs) -> FormerClient? {
        let id = value(knobs.formerClientID, in: section, PlainValue.word)
        let secret = secretPath(knobs.formerClientSecretFile, in: section)
        return id.map { FormerClient(clientID: $0, clientSecretPath: secret) }
    }
}

/// An account that stands in the file; without settings where something is wrong with it, which is reported already.
struct NamedAccount {
    var name: String
    var settings: AccountSettings?
}

extension WorkspaceFacts.Cloud {
    /// The host of its account console.
    fileprivate var accountsHost: String {
        switch self {
        case .aws: "accounts.cloud.databricks.com"
        case .azure: "accounts.azuredatabricks.net"
        case .gcp: "accounts.gcp.databricks.com"
        }
    }
}
