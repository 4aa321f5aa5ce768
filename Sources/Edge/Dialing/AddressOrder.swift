import NIOCore

/// The order in which addresses of one name are tried (RFC 8305, section 4).
enum AddressOrder {
    /// The two families in turn, beginning with that of the first address; each address once.
    static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        var seen: Set<SocketAddress> = []
        let unique = addresses.filter { seen.insert($0).inserted }
        let first = unique.filter { $0.protocol == unique.first?.protocol }
        let second = unique.filter { $0.protocol != unique.first?.protocol }
        return (0..<max(first.count, second.count)).flatMap { index in
            [first, second].compactMap { index < $0.count ? $0[index] : nil }
        }
    }
}
