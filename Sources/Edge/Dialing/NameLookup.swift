import NIOCore

/// Finds the addresses of names without blocking the event loop.
protocol NameLookup: Sendable {
    /// Addresses of both families with the port, the preferred ones first. Fails with ``LookupFailure``.
    func addresses(of host: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]>
}

/// Why a name has no address just now.
enum LookupFailure: Error, Equatable {
    case noSuchName
    /// No name server answered, or none could say.
    case noAnswer
    /// In the system's words.
    case other(String)
}

extension LookupFailure: CustomStringConvertible {
    /// Safe to log.
    var description: String {
        switch self {
        case .noSuchName: "the name has no address"
        case .noAnswer: "DNS gives no answer for the name"
        case .other(let reason): "the name cannot be looked up: \(reason)"
        }
    }
}
