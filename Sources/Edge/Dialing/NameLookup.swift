import NIOCore

/// Finds the addresses of names without blocking the event loop.
protocol NameLookup: Sendable {
    /// Addresses of both families with the port, the preferred ones first. Fails with ``LookupFailure``.
    func addresses(of host: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]>
}
