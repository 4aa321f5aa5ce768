import TLS

@testable import Edge

extension EdgeWorkspace {
    /// A workspace that nothing is ever sent to.
    static func named(_ name: String, hosts: [String]) -> EdgeWorkspace {
        guard let trust = try? TLSContext.client(caPath: nil, applicationProtocols: ["http/1.1"]) else {
            fatalError("the system's trust store can't be read")
        }
        return EdgeWorkspace(
            name: name, hosts: hosts, upstreamHost: "localhost", upstreamPort: 1, upstreamTLS: trust,
            upstreamTLSWithHTTP2: trust,
            foreignBearers: .refuse)
    }
}
