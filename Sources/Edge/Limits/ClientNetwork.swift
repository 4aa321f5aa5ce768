import NIOCore

/// What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, which any machine has to itself.
struct ClientNetwork: Hashable {
    private let high: UInt64
    private let low: UInt64

    /// - Parameter address: 4 or 16 bytes, as in a packet; anything else is one client, too.
    init(_ address: [UInt8]) {
        let isMapped = address.count == 16 && address.starts(with: ClientNetwork.mapped)
        switch address.count {
        case 16 where isMapped: (high, low) = (0, ClientNetwork.number(address.suffix(4)))
        case 16: (high, low) = (ClientNetwork.number(address.prefix(8)), UInt64.max)
        default: (high, low) = (0, ClientNetwork.number(address.prefix(8)))
        }
    }

    /// - Parameter text: An address as text, without port.
    init(text: [UInt8]) {
        self.init((try? SocketAddress(ipAddress: String(decoding: text, as: UTF8.self), port: 0))?.bytes ?? [])
    }

    /// The same for the same client, in this process.
    var key: String { "\(high)-\(low)" }

    /// ::ffff:0:0/96 (RFC 4291, section 2.5.5.2).
    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
