import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// An address that answers no SYN: a listener that accepts nobody and whose queue is full.
final class BlackHole {
    let address: SocketAddress
    private let descriptors: [CInt]

    init(at host: String) throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = try SocketAddress(ipAddress: host, port: 0)
        try BlackHole.call(listener, address, bind)
        guard listen(listener, 0) == 0 else { throw IOError(errnoCode: errno, reason: "listen") }
        address.port = try BlackHole.port(of: listener)
        var descriptors = [listener]
        for _ in 0..<4 {
            let guest = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            try? BlackHole.call(guest, address, connect)
            descriptors.append(guest)
        }
        self.address = address
        self.descriptors = descriptors
    }

    deinit {
        descriptors.forEach { _ = close($0) }
    }

    private static func call(
        _ descriptor: CInt, _ address: SocketAddress,
        _ function: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) throws {
        let result = address.withSockAddr { function(descriptor, $0, socklen_t($1)) }
        guard result == 0 else { throw IOError(errnoCode: errno, reason: "bind or connect") }
    }

    private static func port(of descriptor: CInt) throws -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw IOError(errnoCode: errno, reason: "getsockname") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
