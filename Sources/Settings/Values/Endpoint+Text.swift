extension Endpoint {
    /// Reads `host:port` or `[IPv6]:port`; without a port, `standardPort` holds if there is one.
    init(_ text: some StringProtocol, standardPort: Int? = nil) throws(Complaint) {
        let (host, rest) = try Endpoint.split(text)
        if rest.isEmpty {
            guard let standardPort else { throw Complaint("has no port") }
            self.init(host: host, port: standardPort)
        } else {
            guard let port = rest.dropFirst().wholeNumber, (0...65535).contains(port) else {
                throw Complaint("has a port that is not a number from 0 to 65535")
            }
            self.init(host: host, port: port)
        }
    }

    /// The host in lower case, and what follows it: nothing, or a colon and more.
    private static func split(_ text: some StringProtocol) throws(Complaint) -> (String, String) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw Complaint("has a `[` without `]`") }
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard HostName.isIPv6(host), rest.isEmpty || rest.hasPrefix(":") else {
                throw Complaint("is not an IPv6 address in brackets and a port")
            }
            return (host.lowercased(), String(rest))
        }
        let host = text.prefix { $0 != ":" }
        let rest = text[host.endIndex...]
        guard !rest.dropFirst().contains(":") else { throw Complaint("has an IPv6 address without brackets") }
        guard !host.isEmpty else { throw Complaint("has no host before the port") }
        guard HostName.isName(host) else { throw Complaint("does not start with a host name or address") }
        return (host.lowercased(), String(rest))
    }

    /// Whether only this machine can connect to it.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || Endpoint.isLoopbackIPv4(host)
    }

    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { $0.wholeNumber.map { $0 < 256 } ?? false }
    }
}

extension Endpoint: CustomStringConvertible {
    /// As it is written in a configuration: `host:port`, IPv6 in brackets.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
