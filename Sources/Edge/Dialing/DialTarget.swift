import TLS

/// Where a ``Dialer`` connects to.
struct DialTarget {
    /// For the log.
    var workspace: String
    /// Lower-case name or IP address, which the certificate must be for.
    var host: String
    var port: Int
    var tls: TLSContext
    /// Instead of connecting to the host itself.
    var proxy: EgressProxy?

    /// Whose addresses are looked up.
    var nextHop: (host: String, port: Int) {
        proxy.map { ($0.host, $0.port) } ?? (host, port)
    }

    /// `host:port`, IPv6 in brackets (RFC 3986, section 3.2.2).
    var authority: String {
        "\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Continues "cannot connect to".
    var description: String {
        guard let proxy else { return authority }
        return "\(authority) through the proxy \(proxy.host):\(proxy.port)"
    }
}

extension DialTarget {
    init(_ workspace: EdgeWorkspace, offeringHTTP2: Bool) {
        self.init(
            workspace: workspace.name, host: workspace.upstreamHost, port: workspace.upstreamPort,
            tls: offeringHTTP2 ? workspace.upstreamTLSWithHTTP2 : workspace.upstreamTLS, proxy: workspace.egressProxy)
    }
}
