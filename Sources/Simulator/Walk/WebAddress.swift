/// An absolute http or https URL, as far as a walk needs to take one apart.
struct WebAddress: Sendable, Equatable {
    var scheme: String
    var authority: String
    /// Path and query, beginning with a slash.
    var target: String

    var origin: String { "\(scheme)://\(authority)" }
    var text: String { origin + target }
    var path: String { String(target.prefix { $0 != "?" }) }

    /// Name or address, without port.
    var host: String {
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return authority }
        return String(authority[..<colon])
    }

    /// 443, or 80 for plain http, unless the address says otherwise.
    var port: Int {
        let last = authority.dropFirst(host.count).dropFirst()
        return Int(last) ?? (scheme == "https" ? 443 : 80)
    }

    init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[mark.upperBound...].prefix { $0 != "#" }
        authority = rest.prefix { $0 != "/" && $0 != "?" }.lowercased()
        guard !authority.isEmpty else { return nil }
        let after = String(rest.dropFirst(authority.count))
        target = after.hasPrefix("/") ? after : "/" + after
    }

    /// A reference met on a page here: absolute, from the root, relative to the folder, or a query alone.
    func following(_ reference: String) -> WebAddress? {
        if let absolute = WebAddress(reference) { return absolute }
        guard !reference.hasPrefix("//") else { return WebAddress(scheme + ":" + reference) }
        var next = self
        let reference = String(reference.prefix { $0 != "#" })
        switch reference.first {
        case nil: break
        case "/": next.target = reference
        case "?": next.target = path + reference
        default: next.target = folder + reference
        }
        return next
    }

    private var folder: String {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        return String(path[...slash])
    }
}
