import Basics
import NIOCore
import Testing

@testable import Stores

@Suite("What is known of a master")
struct MasterTests {
    private let address = words("10.0.0.1", "6379")

    private static func words(_ words: String...) -> RESPValue {
        .array(words.map { .bulk(Array($0.utf8)) })
    }

    private func age(_ facts: RESPValue?) -> Duration? {
        RedisMaster(address: address, facts: facts)?.age
    }

    @Test func itsAgeIsOfTheServerThatIsNamed() {
        let facts = { (ip: String, port: String, role: String) in
            Self.words("ip", ip, "port", port, "role-reported", role, "role-reported-time", "1500")
        }
        #expect(age(facts("10.0.0.1", "6379", "master")) == .milliseconds(1500))
        #expect(age(facts("10.0.0.2", "6379", "master")) == .zero)
        #expect(age(facts("10.0.0.1", "6380", "master")) == .zero)
        #expect(age(facts("10.0.0.1", "6379", "slave")) == .zero)
    }

    @Test(arguments: ["", "-1", "x", "99999999999999999999"])
    func anAgeThatMakesNoSenseIsNone(_ text: String) {
        #expect(age(Self.words("ip", "10.0.0.1", "port", "6379", "role-reported-time", text)) == nil)
    }

    @Test func aSentinelMayNotSay() {
        for facts in [nil, RESPValue.error("NOPERM"), .null, Self.words("ip"), .array([])] {
            #expect(RedisMaster(address: address, facts: facts)?.server.port == 6379)
            #expect(age(facts) == nil)
        }
        #expect(RedisMaster(address: .null, facts: nil) == nil)
    }

    @Test func whoFollowsAnotherIsYoungUntilSomebodyKnowsBetter() {
        let (tenure, start) = (MasterTenure(), NIODeadline.now())
        let first = RedisServerAddress(host: "10.0.0.1", port: 6379)
        let second = RedisServerAddress(host: "10.0.0.2", port: 6379)
        #expect(tenure.age(now: start) == nil)
        tenure.note(RedisMaster(server: first), now: start)
        #expect(tenure.age(now: start) == nil)
        tenure.note(RedisMaster(server: first, age: .seconds(90)), now: start)
        tenure.note(RedisMaster(server: first), now: start + .seconds(1))
        #expect(tenure.age(now: start + .seconds(2)) == .seconds(92))
        tenure.note(RedisMaster(server: second, age: .seconds(90)), now: start + .seconds(3))
        #expect(tenure.age(now: start + .seconds(4)) == .seconds(1))
        tenure.note(RedisMaster(server: second, age: .seconds(4)), now: start + .seconds(4))
        #expect(tenure.age(now: start + .seconds(4)) == .seconds(4))
    }

    @Test func ofAClusterItIsKnownFromTheSecondMapOn() {
        var (tenures, start) = (ClusterTenures(), NIODeadline.now())
        let servers = (1...3).map { RedisServerAddress(host: "10.0.0.\($0)", port: 6379) }
        tenures.take([servers[0], servers[1]], now: start)
        #expect(tenures.age(of: servers[0], now: start) == nil)
        tenures.learn(servers[1], now: start)
        tenures.learn(servers[2], now: start)
        start = start + .seconds(1)
        #expect(tenures.age(of: servers[1], now: start) == nil)
        #expect(tenures.age(of: servers[2], now: start) == .seconds(1))
        tenures.take([servers[1], servers[2]], now: start)
        tenures.take(Set(servers), now: start)
        #expect(tenures.age(of: servers[0], now: start) == .zero)
        #expect(tenures.age(of: servers[2], now: start) == .seconds(1))
    }
}
