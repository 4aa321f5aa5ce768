import Basics

/// What every URL of a store has: `[user[:password]@]host[:port],…/path`.
struct StoreAddressParts {
    let username: String?
    let password: Secret<String>?
    let servers: [Endpoint]
    /// Between the slashes behind the servers.
    let path: [Substring]

    /// - Parameters:
    ///   - rest: What stands behind `://`.
    ///   - standardPort: Of servers that are named without one.
    init(_ rest: Substring, standardPort: Int) throws(Complaint) {
        guard !rest.contains("?"), !rest.contains("#") else { throw Complaint("has a query or fragment") }
        let parts = rest.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let login = parts[0].lastIndex(of: "@").map { parts[0][..<$0] }
        let hosts = login.map { parts[0][$0.endIndex...].dropFirst() } ?? parts[0]
        (username, password) = try StoreAddressParts.credentials(login)
        var servers: [Endpoint] = []
        for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
            servers.append(try Endpoint(host, standardPort: standardPort))
        }
        guard servers.allSatisfy({ $0.port != 0 }) else { throw Complaint("has port 0") }
        self.servers = servers
        path = Array(parts.dropFirst())
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
