extension Reading {
    /// The accounts, and the workspaces that may name them.
    mutating func places(_ top: Section) -> (accounts: [AccountSettings], workspaces: [WorkspaceSettings]) {
        var names = FirstPlaces()
        var hosts = FirstPlaces()
        let accounts = accounts(top, &names)
        return (
            accounts.compactMap(\.settings),
            sections(.workspaces, in: top).compactMap { workspace($0, accounts, &names, &hosts) }
        )
    }

    private mutating func workspace(
        _ section: Section, _ accounts: [NamedAccount], _ names: inout FirstPlaces, _ hosts: inout FirstPlaces
    ) -> WorkspaceSettings? {
        let name = value(.workspaceName, in: section, PlainValue.name)
        if let name { once(name, at: section.place(of: "name"), .workspaceName, &names) }
        let listed = list(.workspaceHosts, in: section, HostName.parse)
        for host in listed ?? [] { once(host.value, at: host.place, .workspaceHosts, &hosts) }
        let address = value(.workspaceURL, in: section, WebAddress.origin)
        let caPath = path(.workspaceCAFile, in: section)
        let bearer: ForeignBearer? = value(.workspaceBearer, in: section, PlainValue.choice)
        let egressProxy = egressProxy(section)
        let login = login(section, accounts, at: address?.origin ?? "")
        let facts = facts(section, host: address?.endpoint.host ?? "")
        let natives = list(.nativeClients, in: section, PlainValue.word)
        let identities = identities(section, at: address?.origin ?? "")
        guard let name, let listed, let address, let bearer, let login else { return nil }
        var workspace = WorkspaceSettings(
            name: name, hosts: listed.map(\.value), upstream: address.endpoint, caPath: caPath, oauth: login.oauth,
            foreignBearer: bearer, egressProxy: egressProxy)
        workspace.account = login.account
        workspace.facts = facts
        workspace.facts.accountID = facts.accountID ?? login.account?.accountID
        workspace.nativeClients = natives?.map(\.value) ?? []
        (workspace.servicePrincipals, workspace.clients, workspace.identities) = identities
        return workspace
    }

    private mutating func facts(_ section: Section, host: String) -> WorkspaceFacts {
        let number = value(.workspaceID, in: section, PlainValue.digits)
        let account = value(.accountID, in: section, PlainValue.word)
        let cloud: WorkspaceFacts.Cloud? = value(.cloud, in: section, PlainValue.choice)
        return WorkspaceFacts(workspaceID: number, accountID: account, cloud: cloud ?? WorkspaceFacts.Cloud(host: host))
    }

    private mutating func egressProxy(_ section: Section) -> EgressProxySettings? {
        let known = mistakes.count
        let endpoint = value(.workspaceEgressProxy, in: section, ProxyAddress.parse)
        let login = secretPath(.workspaceEgressProxyLoginFile, in: section)
        if login != nil, endpoint == nil, mistakes.count == known {
            report(
                SettingsMistake(
                    section.place(of: Knob.workspaceEgressProxyLoginFile.name), "is set, but no `egressProxy` is",
                    remedy: "add `egressProxy: \(Knob.workspaceEgressProxy.example)`, or remove it"))
        }
        return endpoint.map { EgressProxySettings(endpoint: $0, loginPath: login) }
    }

    /// The path of a file with a secret, which is not repeated: it may be the secret itself.
    mutating func secretPath(_ knob: Knob, in section: Section) -> String? {
        let folder = folder
        return value(knob, in: section) { text throws(Complaint) in
            try FilePath.resolveSecret(text, from: folder)
        }
    }

    /// Records a mistake for a value that stood somewhere before.
    mutating func once(
        _ value: String, at place: SettingsMistake.Place, _ knob: Knob, _ seen: inout FirstPlaces
    ) {
        guard let first = seen.claim(value, at: place) else { return }
        report(
            SettingsMistake(
                place, "is there twice, first as \(first)", found: value.quoted, expected: knob.shape,
                remedy: "remove or rename one of the two"))
    }
}

extension WorkspaceFacts.Cloud {
    /// Databricks' own host names tell the cloud.
    init(host: String) {
        let suffixes: [(String, WorkspaceFacts.Cloud)] = [
            (".azuredatabricks.net", .azure), (".databricks.azure.us", .azure), (".databricks.azure.cn", .azure),
            (".gcp.databricks.com", .gcp),
        ]
        self = suffixes.first { host.hasSuffix($0.0) }?.1 ?? .aws
    }
}

/// Where each value stood first.
struct FirstPlaces {
    private var places: [String: SettingsMistake.Place] = [:]

    /// The earlier place of the value, if there is one.
    mutating func claim(_ value: String, at place: SettingsMistake.Place) -> SettingsMistake.Place? {
        if let first = places[value] { return first }
        places[value] = place
        return nil
    }
}
