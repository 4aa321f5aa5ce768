import Basics

/// Where sessions are kept, as one text: `memory`, or a URL of Redis.
///
/// No complaint repeats any part of the text: operators put passwords into it.
enum StoreAddress {
    static func parse(_ text: String) throws(Complaint) -> StoreSettings {
        if text == "memory" { return .memory }
        guard let scheme = text.range(of: "://").map({ text[..<$0.lowerBound] }) else {
            throw Complaint("is neither `memory` nor a redis:// URL")
        }
        let rest = text.dropFirst(scheme.count + "://".count)
        switch scheme {
        case "redis", "rediss": return .redis(try redis(rest, isTLS: scheme == "rediss"))
        case "redis+sentinel", "rediss+sentinel":
            return .redis(try sentinels(rest, isTLS: scheme == "rediss+sentinel"))
        case "redis+cluster", "rediss+cluster": return .redis(try cluster(rest, isTLS: scheme == "rediss+cluster"))
        default: throw Complaint("has a scheme that is not redis://")
        }
    }

    private static func redis(_ rest: Substring, isTLS: Bool) throws(Complaint) -> RedisSettings {
        let parts = try StoreAddressParts(rest, standardPort: 6379)
        guard parts.servers.count == 1 else {
            throw Complaint(
                "names several servers",
                remedy: "write redis+sentinel://host1,host2,host3/NAME, or redis+cluster://host1,host2,host3")
        }
        guard parts.path.count < 2 else { throw Complaint("has a database that is not a number from 0 to 9999") }
        return try settings(parts, database: parts.path.first ?? "", isTLS: isTLS)
    }

    private static func sentinels(_ rest: Substring, isTLS: Bool) throws(Complaint) -> RedisSettings {
        let parts = try StoreAddressParts(rest, standardPort: 26379)
        guard let name = parts.path.first, isMasterName(name) else {
            throw Complaint(
                "does not name the master behind its Sentinels",
                remedy: "write redis+sentinel://host1,host2,host3/NAME, with the name that `sentinel monitor` has")
        }
        var settings = try settings(parts, database: parts.path.count > 1 ? parts.path[1] : "", isTLS: isTLS)
        settings.sentinels = parts.servers
        settings.masterName = String(name)
        return settings
    }

    private static func cluster(_ rest: Substring, isTLS: Bool) throws(Complaint) -> RedisSettings {
        let parts = try StoreAddressParts(rest, standardPort: 6379)
        guard parts.path.allSatisfy(\.isEmpty) else {
            throw Complaint(
                "names a database, and a Redis Cluster has but one",
                remedy: "write redis+cluster://host1,host2,host3 and nothing behind it")
        }
        var settings = try settings(parts, database: "", isTLS: isTLS)
        settings.cluster = parts.servers
        return settings
    }

    private static func settings(
        _ parts: StoreAddressParts, database text: Substring, isTLS: Bool
    ) throws(Complaint) -> RedisSettings {
        guard let first = parts.servers.first else { throw Complaint("names no server") }
        return RedisSettings(
            endpoint: first, username: parts.username, password: parts.password, database: try database(text),
            tls: isTLS ? RedisTLSSettings() : nil)
    }

    /// As Redis allows it.
    private static func isMasterName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isalnum($0) || ".-_".utf8.contains($0) }
    }

    private static func isalnum(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5a).contains(octet) || (0x61...0x7a).contains(octet)
    }

    private static func database(_ path: Substring) throws(Complaint) -> Int {
        if path.isEmpty { return 0 }
        guard let number = path.wholeNumber, number < 10_000 else {
            throw Complaint("has a database that is not a number from 0 to 9999")
        }
        return number
    }
}
