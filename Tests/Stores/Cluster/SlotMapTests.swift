import Testing

@testable import Stores

struct SlotMapTests {
    private let asked = RedisServerAddress(host: "10.0.0.9", port: 7000)
    private let one = RedisServerAddress(host: "10.0.0.1", port: 7001)
    private let two = RedisServerAddress(host: "10.0.0.2", port: 7002)

    /// The vector of the Redis Cluster specification.
    @Test func theChecksumIsXMODEM() {
        #expect(KeySlot.crc16(Array("123456789".utf8)) == 0x31C3)
    }

    @Test(arguments: [
        ("{user1000}.following", "user1000"), ("lakegate:{one}:session", "one"), ("foo{}{bar}", "foo{}{bar}"),
        ("foo{{bar}}zap", "{bar"), ("foo{bar}{zap}", "bar"), ("foo{bar", "foo{bar"), ("foo}{bar", "foo}{bar"), ("", ""),
    ])
    func theSlotIsThatOfTheTag(_ key: String, _ tag: String) {
        #expect(KeySlot.of(Array(key.utf8)) == Int(KeySlot.crc16(Array(tag.utf8))) % 16_384)
    }

    private func node(_ host: RESPValue, _ port: Int64) -> RESPValue {
        .array([host, .integer(port), .bulk(Array("id".utf8)), .array([])])
    }

    private func host(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

    private func range(_ first: Int64, _ last: Int64, _ nodes: RESPValue...) -> RESPValue {
        .array([.integer(first), .integer(last)] + nodes)
    }

    @Test func readsWhatAServerSays() throws {
        let answer = RESPValue.array([
            range(0, 8_191, node(host("10.0.0.1"), 7001), node(host("10.0.0.2"), 7002)),
            range(8_192, 16_383, node(.null, 7003)),
        ])
        let map = try #require(SlotMap(answer, of: asked))
        #expect(map.master(of: 0) == one && map.master(of: 8_191) == one)
        #expect(map.master(of: 16_383) == RedisServerAddress(host: "10.0.0.9", port: 7003))
        #expect(map.isComplete && map.masters.count == 2 && map.replicas == [two])
    }

    @Test func aSlotWithoutAMasterIsMissed() throws {
        let gap = try #require(SlotMap(.array([range(0, 16_382, node(host(""), 7000))]), of: asked))
        #expect(gap.master(of: 16_383) == nil && !gap.isComplete && gap.masters == [asked])
        let nameless = try #require(SlotMap(.array([range(0, 16_383, node(host("?"), 7000))]), of: asked))
        #expect(!nameless.isComplete && nameless.masters.isEmpty)
        #expect(!SlotMap().isComplete)
    }

    @Test func aMovedSlotIsCorrected() {
        var map = SlotMap()
        map.assign(0...16_383, to: one)
        map.assign(7...7, to: two)
        #expect(map.master(of: 7) == two && map.master(of: 8) == one && map.masters == [one, two])
        map.assign(7...7, to: one)
        #expect(map.masters == [one])
    }

    @Test func nonsenseIsNoMap() {
        let wrong: [RESPValue] = [
            .null, .integer(1), .status("OK"), .array([.null]), .array([.array([.integer(0), .integer(1)])]),
            .array([range(5, 4, node(host("h"), 1))]), .array([range(-1, 4, node(host("h"), 1))]),
            .array([range(0, 16_384, node(host("h"), 1))]), .array([range(0, 1, node(host("h"), 70_000))]),
            .array([range(0, 1, .array([host("h")]))]), .array([range(0, 1, .null)]),
        ]
        for answer in wrong { #expect(SlotMap(answer, of: asked) == nil) }
    }

    @Test(
        arguments: [
            (
                "MOVED 3999 10.0.0.1:7001", ClusterRedirection.Kind.moved,
                RedisServerAddress(host: "10.0.0.1", port: 7001)
            ),
            ("ASK 1 ::1:7001", .ask, RedisServerAddress(host: "::1", port: 7001)),
            ("ASK 1 [::1]:7001", .ask, RedisServerAddress(host: "::1", port: 7001)),
            ("MOVED 1 redis-1.example:6379", .moved, RedisServerAddress(host: "redis-1.example", port: 6379)),
            ("MOVED 1 :7005", .moved, RedisServerAddress(host: "10.0.0.9", port: 7005)),
            ("MOVED 1 ?:7005", .moved, nil), ("MOVED 1 h", .moved, nil), ("MOVED 1 h:0", .moved, nil),
            ("MOVED 1 h:99999", .moved, nil), ("ASK 1 h:x", .ask, nil),
        ] as [(String, ClusterRedirection.Kind, RedisServerAddress?)])
    func readsWhereAKeyIs(_ text: String, _ kind: ClusterRedirection.Kind, _ server: RedisServerAddress?) {
        let redirection = ClusterRedirection(text, from: asked)
        #expect(redirection?.kind == kind && redirection?.server == server)
    }

    @Test(arguments: ["", "MOVED", "MOVED 1", "ERR moved 1 h:1", "MOVED 1 h:1 x", "CLUSTERDOWN the cluster"])
    func otherErrorsAreNoRedirections(_ text: String) {
        #expect(ClusterRedirection(text, from: asked) == nil)
    }

    @Test func aClusterThatIsDownIsNotHealthy() {
        let well = "cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_fail:0\r\n"
        #expect(ClusterHealth.complaint(.bulk(Array(well.utf8))) == nil)
        for sick in ["cluster_state:fail", "cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_fail:1"] {
            #expect(ClusterHealth.complaint(.bulk(Array(sick.utf8))) != nil)
        }
        #expect(ClusterHealth.complaint(.null) != nil)
    }
}
