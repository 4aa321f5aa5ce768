import NIOCore

/// Whether a request's Host is a name of this listener. A page of a site whose name was made to lead here has that site's.
enum AdminHost {
    /// An address can't be made to lead anywhere, and `localhost` is this machine. Other names only as configured.
    static func isOurs(_ field: String?, listenHost: String) -> Bool {
        guard let field, let host = host(field)?.lowercased() else { return false }
        return host == "localhost" || host == listenHost.lowercased()
            || (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    /// Without port and brackets.
    private static func host(_ field: String) -> String? {
        if field.hasPrefix("[") {
            let parts = field.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && isPort(parts[1]) ? String(parts[0]) : nil
        }
        let name = field.prefix { $0 != ":" }
        return isPort(field[name.endIndex...]) ? String(name) : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }
}
