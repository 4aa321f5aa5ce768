import Basics
import Sessions

/// Which server is the master, and since when.
struct RedisMaster: Equatable {
    let server: RedisServerAddress
    /// `nil` where nobody says.
    var age: Duration?
}

// What Sentinels say of it.
extension RedisMaster {
    /// - Parameters:
    ///   - address: Answer to `SENTINEL GET-MASTER-ADDR-BY-NAME`.
    ///   - facts: Answer to `SENTINEL MASTER`, which a Sentinel may not allow.
    init?(address: RESPValue, facts: RESPValue?) {
        guard case .array(let parts) = address, parts.count == 2, let host = parts[0].text,
            let port = parts[1].text.flatMap({ Int($0) }), (1...65_535).contains(port)
        else { return nil }
        server = RedisServerAddress(host: host, port: port)
        age = facts.flatMap { Self.facts($0) }.flatMap { Self.age(of: RedisMaster.words(host, port), in: $0) }
    }

    private static func words(_ host: String, _ port: Int) -> [String: String] {
        ["ip": host, "port": String(port), "role-reported": "master"]
    }

    /// A Sentinel that leads a failover gives the address of the coming master while its facts are still of the other one.
    private static func age(of expected: [String: String], in facts: [String: String]) -> Duration? {
        guard let since = facts["role-reported-time"].flatMap({ Int64($0) }), since >= 0 else { return nil }
        return expected.allSatisfy { facts[$0.key] == $0.value } ? .milliseconds(since) : .zero
    }

    private static func facts(_ answer: RESPValue) -> [String: String]? {
        guard case .array(let parts) = answer, parts.count.isMultiple(of: 2) else { return nil }
        let words = stride(from: 0, to: parts.count, by: 2).map { (parts[$0].text ?? "", parts[$0 + 1].text ?? "") }
        return Dictionary(words) { first, _ in first }
    }
}
