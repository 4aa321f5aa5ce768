/// An https URL (RFC 3986) without user information and fragment.
struct WebAddress {
    let text: String
    let endpoint: Endpoint
    /// Path and query; empty, or starting with `/` or `?`.
    let target: String

    init(_ text: String) throws(Complaint) {
        guard !text.contains("@") else {
            throw Complaint("has an `@`: no user or password goes there", echo: .withheld)
        }
        guard text.isPlain else { throw Complaint("has a space or a character that a URL cannot have") }
        guard text.lowercased().hasPrefix("https://") else {
            throw Complaint(
                text.lowercased().hasPrefix("http://")
                    ? "starts with http://; tokens travel over https only" : "does not start with https://")
        }
        guard !text.contains("#") else { throw Complaint("has a fragment (`#`)") }
        let rest = text.dropFirst("https://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        self.text = text
        endpoint = try Endpoint(authority, standardPort: 443)
        target = String(rest[authority.endIndex...])
        guard endpoint.port != 0 else { throw Complaint("has port 0") }
    }

    /// Scheme, host and port without a path; a port 443 is left out.
    var origin: String {
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        return "https://" + host + (endpoint.port == 443 ? "" : ":\(endpoint.port)")
    }

    /// A workspace: nothing behind host and port but an optional slash.
    static func origin(_ text: String) throws(Complaint) -> WebAddress {
        let address = try WebAddress(text)
        guard address.target.isEmpty || address.target == "/" else {
            throw Complaint("has a path or query", remedy: "write `\(address.origin)`")
        }
        return address
    }

    /// An issuer: no query (RFC 8414, section 2).
    static func issuer(_ text: String) throws(Complaint) -> String {
        guard try !WebAddress(text).target.contains("?") else { throw Complaint("has a query") }
        return text
    }

    static func url(_ text: String) throws(Complaint) -> String {
        try WebAddress(text).text
    }
}
