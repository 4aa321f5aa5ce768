/// An address as a server of a cluster gives it.
struct ClusterAddress {
    /// `nil` and empty: the host of whom was asked. `?`: it is not known.
    let host: String?
    let port: Int

    func address(seenFrom server: RedisServerAddress) -> RedisServerAddress? {
        guard (1...65_535).contains(port), host != "?" else { return nil }
        guard let host, !host.isEmpty else { return RedisServerAddress(host: server.host, port: port) }
        return RedisServerAddress(host: host, port: port)
    }
}
