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
        default: throw Complaint("has a scheme that is not redis://")
        }
    }

    private static func redis(_ rest: Substring, isTLS: Bool) throws(Complaint) -> RedisSettings {
        guard !rest.contains("?"), !rest.contains("#") else { throw Complaint("has a query or fragment") }
        let authority = rest.prefix { $0 != "/" }
        let path = rest[authority.endIndex...].dropFirst()
        let login = authority.lastIndex(of: "@").map { authority[..<$0] }
        let server = login.map { authority[$0.endIndex...].dropFirst() } ?? authority
        let (username, password) = try credentials(login)
        let endpoint = try Endpoint(server, standardPort: 6379)
        guard endpoint.port != 0 else { throw Complaint("has port 0") }
        return RedisSettings(
            endpoint: endpoint, username: username, password: password, database: try database(path),
            tls: isTLS ? RedisTLSSettings() : nil)
    }

    private static func sentinels(_ rest: Substring, isTLS: Bool) throws(Complaint) -> RedisSettings {
        guard !rest.contains("?"), !rest.contains("#") else { throw Complaint("has a query or fragment") }
        let parts = rest.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let login = parts[0].lastIndex(of: "@").map { parts[0][..<$0] }
        let servers = login.map { parts[0][$0.endIndex...].dropFirst() } ?? parts[0]
        let (username, password) = try credentials(login)
        guard parts.count > 1, isMasterName(parts[1]) else {
            throw Complaint(
                "does not name the master behind its Sentinels",
                remedy: "write redis+sentinel://host1,host2,host3/NAME, with the name that `sentinel monitor` has")
        }
        var endpoints: [Endpoint] = []
        for server in servers.split(separator: ",", omittingEmptySubsequences: false) {
            endpoints.append(try Endpoint(server, standardPort: 26379))
        }
        guard let first = endpoints.first else { throw Complaint("names no Sentinel") }
        return RedisSettings(
            endpoint: first, sentinels: endpoints, masterName: String(parts[1]), username: username,
            password: password, database: try database(parts.count > 2 ? parts[2] : ""),
            tls: isTLS ? RedisTLSSettings() : nil)
    }

    /// As Redis allows it.
    private static func isMasterName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isalnum($0) || ".-_".utf8.contains($0) }
    }

    private static func isalnum(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5a).contains(octet) || (0x61...0x7a).contains(octet)
    }

    private static func credentials(_ login: Substring?) throws(Complaint) -> (String?, Secret<String>?) {
        guard let login else { return (nil, nil) }
        let name = login.prefix { $0 != ":" }
        let password = login[name.endIndex...]
        guard let username = name.percentDecoded, let secret = password.dropFirst().percentDecoded else {
            throw Complaint(
                "has a user or password that is not well percent-encoded",
                remedy: "write @ : / % in a password as %40 %3A %2F %25, or use LAKEGATE_STORE_PASSWORD_FILE")
        }
        return (username.isEmpty ? nil : username, secret.isEmpty ? nil : Secret(secret))
    }

    private static func database(_ path: Substring) throws(Complaint) -> Int {
        if path.isEmpty { return 0 }
        guard let number = path.wholeNumber, number < 10_000 else {
            throw Complaint("has a database that is not a number from 0 to 9999")
        }
        return number
    }
}

extension StringProtocol {
    /// Percent-decoded as UTF-8 (RFC 3986, section 2.1); `nil` where that is not possible.
    fileprivate var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private func hexValue(_ digit: UInt8) -> UInt8? {
        Character(UnicodeScalar(digit)).hexDigitValue.flatMap(UInt8.init(exactly:))
    }
}
