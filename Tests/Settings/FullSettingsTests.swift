import Basics
import Testing

@testable import Settings

@Suite("A configuration without mistakes")
struct FullSettingsTests {
    @Test("TLS 1.2 can be left out, older versions cannot be let in", arguments: ["1.2", "1.3", "'1.3'", "1.1", "1"])
    func oldestVersion(_ version: String) throws {
        let text = sample("tls:", becomes: "tls:\n  oldestVersion: \(version)")
        let expected: TLSVersion? = version.contains("1.3") ? .tls13 : version == "1.2" ? .tls12 : nil
        #expect((try? parse(text))?.tls.oldestVersion == expected)
        #expect(mistakes(text).map(\.place.key) == (expected == nil ? ["tls.oldestVersion"] : []))
    }

    @Test("defaults fill in what the file leaves out")
    func defaults() throws {
        let settings = try parse(sample)
        #expect(settings.listen == Endpoint(host: "0.0.0.0", port: 8443))
        #expect(settings.tls == TLSSettings(certificatePath: "/etc/lakegate/tls.crt", privateKeyPath: "/keys/tls.key"))
        #expect(settings.admin == AdminSettings(listen: Endpoint(host: "127.0.0.1", port: 9901)))
        #expect(settings.sealing.keyringPath == "/etc/lakegate/keyring.json")
        #expect(settings.sessions == SessionSettings(lifetime: .seconds(30 * 86400)))
        #expect(settings.eventLoops == nil)
        #expect(settings.accessLog == .standardOutput)
        #expect(settings.drain == DrainSettings(announce: .zero, patience: .seconds(25)))
        #expect(settings.limits == LimitSettings())
        let workspace = try #require(settings.workspaces.first)
        #expect(workspace.hosts == ["prod.lakegate.example.com"])
        #expect(workspace.upstream == Endpoint(host: "dbc-1234.cloud.databricks.com", port: 443))
        #expect(workspace.foreignBearer == .pass && workspace.egressProxy == nil)
        #expect(
            workspace.oauth
                == OAuthSettings(
                    clientID: "0123", clientSecretPath: nil, scopes: ["all-apis", "offline_access"],
                    issuer: "https://dbc-1234.cloud.databricks.com/oidc",
                    authorizeURL: "https://dbc-1234.cloud.databricks.com/oidc/v1/authorize",
                    tokenURL: "https://dbc-1234.cloud.databricks.com/oidc/v1/token"))
    }

    @Test("every key can be set in the file")
    func everyKey() throws {
        let settings = try parse(
            """
            listen: '[::]:8443'
            tls: {certificate: a, privateKey: b}
            admin: {listen: 10.0.0.1:9901, insecureListenAnywhere: true, tokenFile: admin.token}
            store: memory
            sessions: {lifetime: 12h, endNotice: 0s}
            accessLog: logs/access.json
            drain: {announce: 10s, patience: 2m}
            eventLoops: 3
            limits:
              connections: 7
              connectionsPerAddress: 0
              clientIdle: 20m
              uploadRate: 0
              downloadRate: 1
              body: 5GiB
              upstreamSilence: 1h
              requests: 2
              queue: 0
              queueTime: 1s
              memory: 512MiB
            workspaces:
              - name: one
                hosts: [a.example.com, b.example.com]
                url: https://[2001:db8::1]:8443/
                caFile: ./ca.pem
                bearer: refuse
                egressProxy: http://Proxy.internal:3128/
                egressProxyLoginFile: proxy.login
                oauth:
                  clientID: app
                  clientSecretFile: app.secret
                  scopes: [sql]
                  issuer: https://login.example.com/tenant
                  authorizeURL: https://login.example.com/authorize?tenant=1
                  tokenURL: https://login.example.com/token
                  revocationEndpoint: https://login.example.com/revoke
            """)
        #expect(settings.listen == Endpoint(host: "::", port: 8443))
        #expect(settings.admin.listen.host == "10.0.0.1")
        #expect(settings.admin.tokenPath == "/etc/lakegate/admin.token")
        #expect(settings.sessions.endNotice == .zero)
        #expect(settings.store == .memory)
        #expect(settings.sealing.keyringPath == nil)
        #expect(settings.sessions.lifetime == .seconds(43200))
        #expect(settings.accessLog == .file(path: "/etc/lakegate/logs/access.json"))
        #expect(settings.drain == DrainSettings(announce: .seconds(10), patience: .seconds(120)))
        #expect(settings.eventLoops == 3)
        #expect(settings.limits == limits)
        let workspace = try #require(settings.workspaces.first)
        #expect(workspace.upstream == Endpoint(host: "2001:db8::1", port: 8443))
        #expect(workspace.caPath == "/etc/lakegate/ca.pem")
        #expect(workspace.foreignBearer == .refuse)
        #expect(
            workspace.egressProxy
                == EgressProxySettings(
                    endpoint: Endpoint(host: "proxy.internal", port: 3128), loginPath: "/etc/lakegate/proxy.login"))
        #expect(workspace.oauth.clientSecretPath == "/etc/lakegate/app.secret")
        #expect(workspace.oauth.scopes == ["sql"])
        #expect(workspace.oauth.issuer == "https://login.example.com/tenant")
        #expect(workspace.oauth.authorizeURL == "https://login.example.com/authorize?tenant=1")
        #expect(workspace.oauth.tokenURL == "https://login.example.com/token")
        #expect(workspace.oauth.revocationEndpoint == "https://login.example.com/revoke")
    }

    private var limits: LimitSettings {
        var limits = LimitSettings()
        (limits.connections, limits.connectionsPerAddress) = (7, 0)
        (limits.clientIdle, limits.upstreamSilence, limits.queueTime) = (.seconds(1200), .seconds(3600), .seconds(1))
        (limits.uploadRate, limits.downloadRate, limits.body) = (0, 1, 5 << 30)
        (limits.requests, limits.queue, limits.memory) = (2, 0, .bytes(512 << 20))
        return limits
    }

    @Test("the environment wins over the file, and an empty variable is not set")
    func environment() throws {
        let settings = try parse(
            sample,
            [
                "LAKEGATE_LISTEN": "127.0.0.1:0", "LAKEGATE_ADMIN_LISTEN": "[::1]:1", "LAKEGATE_EVENT_LOOPS": "2",
                "LAKEGATE_STORE": "redis://cache", "LAKEGATE_KEYRING": "/k", "LAKEGATE_TLS_CERTIFICATE": "/c",
                "LAKEGATE_TLS_PRIVATE_KEY": "p", "LAKEGATE_ACCESS_LOG": "off", "LAKEGATE_STORE_PASSWORD": "",
                "PATH": "/bin",
            ])
        #expect(settings.listen == Endpoint(host: "127.0.0.1", port: 0))
        #expect(settings.admin.listen == Endpoint(host: "::1", port: 1))
        #expect(settings.eventLoops == 2)
        #expect(settings.sealing.keyringPath == "/k")
        #expect(settings.tls == TLSSettings(certificatePath: "/c", privateKeyPath: "/etc/lakegate/p"))
        #expect(settings.accessLog == .off)
        let redis = RedisSettings(
            endpoint: Endpoint(host: "cache", port: 6379), username: nil, password: nil, database: 0)
        #expect(settings.store == .redis(redis))
    }

    @Test("variables can stand in for required keys of the file")
    func environmentAlone() throws {
        let text = sample.split(separator: "\n").filter { !$0.hasPrefix("listen") && !$0.hasPrefix("store") }
        let environment = ["LAKEGATE_LISTEN": "127.0.0.1:1", "LAKEGATE_STORE": "memory"]
        #expect(try parse(text.joined(separator: "\n"), environment).store == .memory)
    }

    @Test("a Service of Kubernetes named lakegate does no harm")
    func serviceLinks() {
        let links = [
            "LAKEGATE_SERVICE_HOST": "10.0.0.1", "LAKEGATE_SERVICE_PORT": "8443", "LAKEGATE_SERVICE_PORT_HTTPS": "8443",
            "LAKEGATE_PORT": "tcp://10.0.0.1:8443", "LAKEGATE_PORT_8443_TCP": "tcp://10.0.0.1:8443",
            "LAKEGATE_PORT_8443_TCP_PROTO": "tcp", "LAKEGATE_ADMIN_PORT_9901_TCP_ADDR": "10.0.0.1",
        ]
        #expect(mistakes(sample, links) == [])
    }

    @Test("the reference names every knob, and only knobs have defaults that can be read")
    func reference() {
        let table = SettingsReference.markdown()
        for knob in Knob.all {
            #expect(table.contains(knob.key.map { "`\($0)`" } ?? knob.name))
        }
        #expect(table.split(separator: "\n").count == Knob.all.count + 2)
        #expect(Set(Knob.all.map { $0.key ?? $0.name }).count == Knob.all.count)
    }
}
