/// A configuration with one mistake, and how it must be named.
struct Row: Sendable, CustomStringConvertible {
    let text: String
    let environment: [String: String]
    let key: String
    let line: Int?
    let problem: String

    /// The sample with one line replaced.
    init(_ line: String, _ replacement: String, _ key: String, at number: Int?, _ problem: String) {
        text = sample(line, becomes: replacement)
        environment = [:]
        self.key = key
        self.line = number
        self.problem = problem
    }

    /// The sample with one variable.
    init(variable: String, _ value: String, _ problem: String) {
        text = sample
        environment = [variable: value]
        key = variable
        line = nil
        self.problem = problem
    }

    var description: String { "\(key): \(problem)" }
}

private let url = "url: https://dbc-1234.cloud.databricks.com"
private let hosts = "hosts: [Prod.Lakegate.example.com]"
private let listen = "listen: 0.0.0.0:8443"
private let store = "store: redis://127.0.0.1:6379/0"
private let clientID = "clientID: 0123"

let single: [Row] = topRows + limitRows + workspaceRows + oauthRows + environmentRows

private let topRows: [Row] = [
    Row(listen, "listen: 8443", "listen", at: 1, "has no port"),
    Row(listen, "listen: :8443", "listen", at: 1, "no host before the port"),
    Row(listen, "listen: 0.0.0.0:99999", "listen", at: 1, "from 0 to 65535"),
    Row(listen, "listen: ::1:8443", "listen", at: 1, "IPv6 address without brackets"),
    Row(listen, "listen: [a, b]", "listen", at: 1, "is a list"),
    Row(listen, "listen:", "listen", at: 1, "has no value"),
    Row(listen, "Listen: a:1\nlisten: b:1", "Listen", at: 1, "is not a key"),
    Row(listen, "listen: a:1\nlisten: b:1", "listen", at: nil, "stands twice"),
    Row(listen, #""\e[1m": 1\#n"\e[1m": 2"#, #""\u{1B}[1m""#, at: nil, "stands twice"),
    Row(listen, #""\N\u202e": 1\#n\#(listen)"#, #""\u{0085}\u{202E}""#, at: 1, "is not a key"),
    Row("tls.crt", "~/tls.crt", "tls.certificate", at: 3, "only a shell understands"),
    Row("certificate: tls.crt", "certificate: ''", "tls.certificate", at: 3, "is empty"),
    Row("certificate: tls.crt", "certificate: {}", "tls.certificate", at: 3, "is a mapping"),
    Row(listen, "\(listen)\nadmin: {listen: 0.0.0.0:9901}", "admin.listen", at: 2, "other machines may reach"),
    Row(listen, "\(listen)\nadmin: {listen: 127.0.0.1.example.com:1}", "admin.listen", at: 2, "other machines"),
    Row(listen, "\(listen)\nadmin: 127.0.0.1:9901", "admin", at: 2, "not a mapping"),
    Row(listen, "\(listen)\nadmin: {insecureListenAnywhere: yes}", "admin.insecureListenAnywhere", at: 2, "neither"),
    Row(listen, "\(listen)\nadmin: {tokenFile: ~/x.token}", "admin.tokenFile", at: 2, "only a shell understands"),
    Row(listen, "\(listen)\nsessions: {endNotice: 31d}", "sessions.endNotice", at: 2, "too long"),
    Row(listen, "\(listen)\nsessions: {lifetime: 30}", "sessions.lifetime", at: 2, "does not end with"),
    Row(listen, "\(listen)\nsessions: {lifetime: -3d}", "sessions.lifetime", at: 2, "no whole number"),
    Row(listen, "\(listen)\nsessions: {lifetime: 4m}", "sessions.lifetime", at: 2, "too short"),
    Row(listen, "\(listen)\nsessions: {lifetime: 401d}", "sessions.lifetime", at: 2, "too long"),
    Row(listen, "\(listen)\nsessions: {lifetime: 9223372036854775807d}", "sessions.lifetime", at: 2, "too long"),
    Row(listen, "\(listen)\ndrain: {announce: 11m}", "drain.announce", at: 2, "too long"),
    Row(listen, "\(listen)\ndrain: {patience: soon}", "drain.patience", at: 2, "does not end with"),
    Row(listen, "\(listen)\neventLoops: 0", "eventLoops", at: 2, "out of range"),
    Row(listen, "\(listen)\neventLoops: two", "eventLoops", at: 2, "not a whole number"),
    Row(store, "store: redis3://h", "store", at: 5, "not redis://"),
    Row(store, "\(store)\nstoreTLS: {authorityFile: a}", "storeTLS", at: nil, "does not ask for TLS"),
    Row(store, "store: rediss://h\nstoreTLS: {clientCertificate: a}", "storeTLS.clientKey", at: 6, "is missing beside"),
    Row(store, "store: redis+sentinel://a,b", "store", at: 5, "does not name the master"),
    Row(store, "store: redis+sentinel://a,b/", "store", at: 5, "does not name the master"),
    Row(store, "store: redis+sentinel://a,b/my master", "store", at: 5, "does not name the master"),
    Row(store, "store: redis+sentinel://a,b/name/x", "store", at: 5, "database"),
    Row(store, "store: redis+cluster://a,b/1", "store", at: 5, "has but one"),
    Row(store, "store: redis+cluster://a,b:0", "store", at: 5, "port 0"),
    Row(store, "store: redis+cluster://a,,b", "store", at: 5, "no host"),
    Row(store, "store: redis+cluster://me@a,b", "store", at: 5, "without a password"),
    Row(store, "store: rediss+cluster://a,b?c", "store", at: 5, "query"),
    Row(store, "store: redis://a,b", "store", at: 5, "several servers"),
    Row(store, "\(store)\nstoreSentinel: {passwordFile: a}", "storeSentinel", at: nil, "names no Sentinels"),
    Row(
        store, "store: redis+sentinel://a/m\nstoreSentinel: {user: me}", "storeSentinel.user", at: 6,
        "a user without a password"),
    Row(
        store, "\(store)\nstoreReplicas: {acknowledgements: 6}", "storeReplicas.acknowledgements", at: 6,
        "out of range"),
    Row(store, "\(store)\nstoreReplicas: {waitAtMost: 9ms}", "storeReplicas.waitAtMost", at: 6, "too short"),
    Row(store, "\(store)\nstoreReplicas: {waitAtMost: 3s}", "storeReplicas.waitAtMost", at: 6, "too long"),
    Row(store, "\(store)\nstoreReplicas: {waitAtMost: xms}", "storeReplicas.waitAtMost", at: 6, "no whole number"),
    Row(store, "store: memory\nstoreReplicas: {acknowledgements: 1}", "storeReplicas", at: nil, "is `memory`"),
    Row(store, "store: postgres://h", "store", at: 5, "not redis://"),
    Row(store, "store: Memory", "store", at: 5, "neither"),
    Row(store, "store: redis://h/prod", "store", at: 5, "database"),
    Row(store, "store: redis://:%zz@h", "store", at: 5, "percent-encoded"),
    Row(store, "store: redis://user@h", "store", at: 5, "without a password"),
    Row("keyring: keyring.json", "{}", "sealing.keyring", at: 7, "is missing"),
]

private let limitRows: [Row] = [
    Row(listen, "\(listen)\nlimits: {connections: 0}", "limits.connections", at: 2, "out of range"),
    Row(listen, "\(listen)\nlimits: {memory: 9%}", "limits.memory", at: 2, "out of range"),
    Row(listen, "\(listen)\nlimits: {memory: lots}", "limits.memory", at: 2, "not a whole number of bytes"),
    Row(listen, "\(listen)\nlimits: {body: 5GB}", "limits.body", at: 2, "not a whole number of bytes"),
    Row(listen, "\(listen)\nlimits: {body: 9223372036854775807KiB}", "limits.body", at: 2, "out of range"),
    Row(listen, "\(listen)\nlimits: {body: 0}", "limits.body", at: 2, "out of range"),
    Row(listen, "\(listen)\nlimits: {upstreamSilence: 2d}", "limits.upstreamSilence", at: 2, "too long"),
    Row(listen, "\(listen)\nlimits: {uploadRate: -1}", "limits.uploadRate", at: 2, "not a whole number"),
    Row(listen, "\(listen)\nlimits: {inFlight: 1}", "limits.inFlight", at: 2, "not a key"),
]

private let workspaceRows: [Row] =
    [
        Row(url, "url: http://dbc.example.com", "workspaces[0].url", at: 11, "https only"),
        Row(url, "url: dbc.example.com", "workspaces[0].url", at: 11, "does not start with https://"),
        Row(url, "url: https://dbc.example.com/api", "workspaces[0].url", at: 11, "has a path"),
        Row(url, "url: https://dbc.example.com?o=1", "workspaces[0].url", at: 11, "has a path or query"),
        Row(url, "url: https://me:pw@dbc.example.com", "workspaces[0].url", at: 11, "no user or password"),
        Row(url, "url: 'https://dbc example.com'", "workspaces[0].url", at: 11, "a space"),
        Row(url, "url: https://", "workspaces[0].url", at: 11, "no host"),
        Row(hosts, "hosts: prod.example.com", "workspaces[0].hosts", at: 10, "not a list"),
        Row(hosts, "hosts: []", "workspaces[0].hosts", at: 10, "empty list"),
        Row(hosts, "hosts: ['*.example.com']", "workspaces[0].hosts[0]", at: 10, "wildcard"),
        Row(hosts, "hosts: [a.example.com, b.example.com:8443]", "workspaces[0].hosts[1]", at: 10, "has a port"),
        Row(hosts, "hosts: [https://a.example.com]", "workspaces[0].hosts[0]", at: 10, "has a scheme"),
        Row(hosts, "hosts: [a_b.example.com]", "workspaces[0].hosts[0]", at: 10, "not a host name"),
        Row(hosts, "hosts: [a.example.com, A.example.com]", "workspaces[0].hosts[1]", at: 10, "is there twice"),
        Row("name: prod", "name: 'a b'", "workspaces[0].name", at: 9, "not a name"),
        Row(url, "\(url)\n    bearer: drop", "workspaces[0].bearer", at: 12, "not one of the choices"),
        Row(url, "\(url)\n    egressProxy: proxy:3128", "workspaces[0].egressProxy", at: 12, "not start with http://"),
        Row(
            url, "\(url)\n    egressProxy: https://proxy:3128", "workspaces[0].egressProxy", at: 12, "none to the proxy"
        ),
        Row(url, "\(url)\n    egressProxy: http://proxy", "workspaces[0].egressProxy", at: 12, "has no port"),
        Row(url, "\(url)\n    egressProxy: http://proxy:0", "workspaces[0].egressProxy", at: 12, "has port 0"),
        Row(url, "\(url)\n    egressProxy: http://proxy:1/a", "workspaces[0].egressProxy", at: 12, "path or query"),
        Row(url, "\(url)\n    egressProxy: http://me:pw@proxy:1", "workspaces[0].egressProxy", at: 12, "no user or"),
        Row(
            url, "\(url)\n    egressProxyLoginFile: a", "workspaces[0].egressProxyLoginFile", at: 12, "no `egressProxy`"
        ),
    ] + identityRows

private func identity(_ text: String, _ key: String, _ problem: String) -> Row {
    Row(url, "\(url)\n    \(text)", "workspaces[0].\(key)", at: 12, problem)
}

private let sp = "{name: sp, clientID: a, clientSecretFile: b}"
private let identityRows: [Row] = [
    identity("workspaceID: abc", "workspaceID", "is not a number"),
    identity("cloud: aws", "cloud", "not one of the choices"),
    identity("nativeClients: databricks-cli", "nativeClients", "not a list"),
    identity("servicePrincipals: []", "servicePrincipals", "has no entries"),
    identity("servicePrincipals: [{clientID: a, clientSecretFile: b}]", "servicePrincipals[0].name", "is missing"),
    identity(
        "servicePrincipals: [{name: user, clientID: a, clientSecretFile: b}]", "servicePrincipals[0].name", "else"),
    identity("servicePrincipals: [\(sp), \(sp)]", "servicePrincipals[1].name", "is there twice"),
    identity("servicePrincipals: [{name: a, clientID: a}]", "servicePrincipals[0].clientSecretFile", "is missing"),
    identity(
        "servicePrincipals: [{name: a, clientID: a, clientSecretFile: b, azureResourceID: x}]",
        "servicePrincipals[0].azureResourceID", "does not begin with"),
    identity("clients: [{keyFile: a}]", "clients[0].name", "is missing"),
    identity("clients: [{name: a, tokenIssuer: https://i, tokenSubject: s}]", "clients[0].tokenAudience", "beside"),
    identity("clients: [{name: a, redirectURIs: [https://ide/x]}]", "clients[0].keyFile", "is missing beside"),
    identity("clients: [{name: a, keyFile: b, redirectURIs: [http://ide/x]}]", "clients[0].redirectURIs[0]", "http://"),
    identity("clients: [{name: a, certificateName: b}]", "clients[0].certificateName", "asked for no certificate"),
    identity("clients: [{name: a, mayAskForSessions: true}]", "clients[0].name", "can't show who it is"),
    identity("clients: [{name: a, keyFile: b}, {name: c}]", "clients[1].name", "can't show who it is"),
    identity("clients: [{name: a, mayAskForSessions: yes}]", "clients[0].mayAskForSessions", "neither"),
    identity(
        "identities: [{match: {client: a}, actAs: user}]", "identities[0].match.client", "not a name of `clients`"),
    identity("identities: [{actAs: nobody}]", "identities[0].actAs", "not a name of `servicePrincipals`"),
    identity("identities: [{match: {path: x}, actAs: user}]", "identities[0].match.path", "begin with /"),
    identity("identities: [{match: {path: '/a*b'}, actAs: user}]", "identities[0].match.path", "not its end"),
    identity("identities: [{match: {path: '/a?b'}, actAs: user}]", "identities[0].match.path", "has a query"),
    identity("identities: [{match: {method: get}, actAs: user}]", "identities[0].match.method", "in capitals"),
    identity("identities: [{match: {job: x}, actAs: user}]", "identities[0].match.job", "is not a number"),
    identity(
        "identities: [{match: {group: ' x'}, actAs: user}]", "identities[0].match.group", "not the name of a group"),
    identity("identities: [{match: {group: [a, '']}, actAs: user}]", "identities[0].match.group[1]", "not the name"),
    identity("identities: [{match: {user: a, group: b}, actAs: user}]", "identities[0].match.group", "beside `user`"),
    identity("identities: [{match: {who: x}, actAs: user}]", "identities[0].match.who", "is not a key"),
]

private let oauthRows: [Row] = [
    Row(clientID, "clientid: 1\n      clientID: 2", "workspaces[0].oauth.clientid", at: 13, "not a key"),
    Row(clientID, "\(clientID)\n      clientSecret: s3cret", "workspaces[0].oauth.clientSecret", at: 14, "not a key"),
    Row(clientID, "clientID: 'a b'", "workspaces[0].oauth.clientID", at: 13, "has a space"),
    Row(clientID, "{}", "workspaces[0].oauth.clientID", at: 13, "is missing"),
    Row(clientID, "\(clientID)\n      scopes: all-apis", "workspaces[0].oauth.scopes", at: 14, "not a list"),
    Row(clientID, "\(clientID)\n      scopes: [a b]", "workspaces[0].oauth.scopes[0]", at: 14, "has a space"),
    Row(clientID, "\(clientID)\n      issuer: https://h?a=b", "workspaces[0].oauth.issuer", at: 14, "query"),
    Row(clientID, "\(clientID)\n      tokenURL: https://h/#a", "workspaces[0].oauth.tokenURL", at: 14, "fragment"),
    Row(
        clientID, "\(clientID)\n      revocationEndpoint: http://h/revoke", "workspaces[0].oauth.revocationEndpoint",
        at: 14, "https"),
]

private let environmentRows: [Row] = [
    Row(variable: "LAKEGATE_LISTN", "a:1", "not a variable"),
    Row(variable: "LAKEGATE_LISTEN", "8443", "no port"),
    Row(variable: "LAKEGATE_PORT", "8443", "not a variable"),
    Row(variable: "LAKEGATE_EVENT_LOOPS", "many", "not a whole number"),
    Row(variable: "LAKEGATE_STORE", "redis3://h", "not redis://"),
    Row(variable: "LAKEGATE_ADMIN_LISTEN", "0.0.0.0:1", "other machines"),
]
