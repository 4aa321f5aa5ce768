/// Where an HTTP proxy is: `http://host:port`.
enum ProxyAddress {
    static func parse(_ text: String) throws(Complaint) -> Endpoint {
        guard !text.contains("@") else {
            throw Complaint(
                "has an `@`: no user or password goes there", echo: .withheld,
                remedy: "put `user:password` into a file of mode 0600 and name it as `egressProxyLoginFile`")
        }
        guard text.isPlain else { throw Complaint("has a space or a character that a URL cannot have") }
        guard text.lowercased().hasPrefix("http://") else {
            throw Complaint(
                text.lowercased().hasPrefix("https://")
                    ? "starts with https://; TLS to the workspace goes through the proxy, none to the proxy itself"
                    : "does not start with http://")
        }
        let rest = text.dropFirst("http://".count)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard ["", "/"].contains(rest[authority.endIndex...]) else { throw Complaint("has a path or query") }
        let endpoint = try Endpoint(authority)
        guard endpoint.port != 0 else { throw Complaint("has port 0") }
        return endpoint
    }
}
