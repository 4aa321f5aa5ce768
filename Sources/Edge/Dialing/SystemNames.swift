import Dispatch
import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// The system's own lookup: the hosts file, DNS, and whatever else it is set up for.
struct SystemNames: NameLookup {
    /// As many threads as there are lookups: one that hangs holds up no other. A dialer has one at a time.
    private static let queue = DispatchQueue(label: "names", attributes: .concurrent)

    func addresses(of host: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let promise = eventLoop.makePromise(of: [SocketAddress].self)
        SystemNames.queue.async {
            promise.completeWith(Result { try SystemNames.ask(host, port) })
        }
        return promise.futureResult
    }

    /// Both families at once, in the order of RFC 6724. The list is the C library's and freed here.
    private static func ask(_ host: String, _ port: Int) throws(LookupFailure) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw LookupFailure(code: code) }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { $0.flatMap { address($0, port) } }
    }

    private static func address(_ entry: UnsafeMutablePointer<addrinfo>, _ port: Int) -> SocketAddress? {
        guard let pointer = UnsafeRawPointer(entry.pointee.ai_addr) else { return nil }
        var address: SocketAddress
        switch entry.pointee.ai_family {
        case AF_INET: address = SocketAddress(pointer.loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: address = SocketAddress(pointer.loadUnaligned(as: sockaddr_in6.self))
        default: return nil
        }
        address.port = port
        return address
    }
}

extension LookupFailure {
    /// From a code of getaddrinfo(3).
    fileprivate init(code: CInt) {
        switch code {
        case EAI_NONAME: self = .noSuchName
        case EAI_AGAIN: self = .noAnswer
        case EAI_SYSTEM: self = .other(String(cString: strerror(errno)))
        default: self = .other(String(cString: gai_strerror(code)))
        }
    }
}
