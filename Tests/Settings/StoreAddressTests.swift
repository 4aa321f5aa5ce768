import Basics
import Testing

@testable import Settings

@Suite("Where sessions are kept")
struct StoreAddressTests {
    @Test("every part of a redis:// URL arrives")
    func whole() throws {
        let expected = RedisSettings(
            endpoint: Endpoint(host: "cache.internal", port: 6380), username: "lakegate", password: Secret("p@s:s/w%"),
            database: 3)
        let store = try StoreAddress.parse("redis://lakegate:p%40s%3As%2Fw%25@cache.internal:6380/3")
        #expect(store == .redis(expected))
    }

    @Test("every part of a redis+sentinel:// URL arrives")
    func sentinels() throws {
        let expected = RedisSettings(
            endpoint: Endpoint(host: "a", port: 26379),
            sentinels: [
                Endpoint(host: "a", port: 26379), Endpoint(host: "b", port: 1), Endpoint(host: "::1", port: 26379),
            ],
            masterName: "my-master.1", username: "me", password: Secret("p,w"), database: 2)
        #expect(
            try StoreAddress.parse("redis+sentinel://me:p%2Cw@a,b:1,[::1]/my-master.1/2") == .redis(expected))
        #expect(throws: Complaint.self) { try StoreAddress.parse("redis+sentinel://a,,b/name") }
    }

    @Test("every part of a redis+cluster:// URL arrives", arguments: ["", "/"])
    func cluster(_ ending: String) throws {
        let expected = RedisSettings(
            endpoint: Endpoint(host: "a", port: 6379),
            cluster: [
                Endpoint(host: "a", port: 6379), Endpoint(host: "b", port: 7001), Endpoint(host: "::1", port: 1),
            ],
            username: "me", password: Secret("p,w"), database: 0, tls: RedisTLSSettings())
        #expect(try StoreAddress.parse("rediss+cluster://me:p%2Cw@a,b:7001,[::1]:1" + ending) == .redis(expected))
    }

    @Test("what is set for Sentinels and replicas arrives")
    func around() throws {
        let text = sample(
            "store: redis://127.0.0.1:6379/0",
            becomes: "store: redis+sentinel://a/m\nstoreSentinel: {user: me, passwordFile: pw}"
                + "\nstoreReplicas: {acknowledgements: 2, waitAtMost: 250ms}")
        guard case .redis(let redis) = try parse(text).store else { throw SettingsMistakes([]) }
        #expect(redis.sentinelLogin == SentinelLoginSettings(username: "me", passwordPath: "/etc/lakegate/pw"))
        #expect(redis.replicas == RedisReplicaSettings(acknowledgements: 2, patience: .milliseconds(250)))
    }

    @Test("a password alone, an IPv6 address, no port", arguments: ["redis://:pw@[::1]", "redis://:pw@[::1]:6379/"])
    func partial(_ text: String) throws {
        let expected = RedisSettings(
            endpoint: Endpoint(host: "::1", port: 6379), username: nil, password: Secret("pw"), database: 0)
        #expect(try StoreAddress.parse(text) == .redis(expected))
    }

    @Test("a password from the environment replaces the one in the URL")
    func password() throws {
        let text = sample("store: redis://127.0.0.1:6379/0", becomes: "store: redis://me:old@h")
        guard case .redis(let direct) = try parse(text, ["LAKEGATE_STORE_PASSWORD": "new"]).store,
            case .redis(let file) = try parse(text, ["LAKEGATE_STORE_PASSWORD_FILE": "redis.password"]).store
        else { throw SettingsMistakes([]) }
        #expect(direct.password == Secret("new") && direct.passwordPath == nil)
        #expect(file.password == nil && file.passwordPath == "/etc/lakegate/redis.password")
    }

    @Test("a password without Redis is a mistake")
    func unused() {
        let found = mistakes(sample, ["LAKEGATE_STORE": "memory", "LAKEGATE_STORE_PASSWORD": "pw"])
        #expect(found.map(\.place.key) == ["LAKEGATE_STORE_PASSWORD"])
    }
}
