/// An exchange that waits for a connection.
struct WaitingExchange {
    let exchange: Exchange
    let need: UpstreamNeed
    private let serial: UInt64

    init(_ exchange: Exchange, _ need: UpstreamNeed) {
        self.exchange = exchange
        self.need = need
        serial = exchange.serial
    }

    /// It has ended meanwhile, and may be another one by now.
    var isOver: Bool { exchange.serial != serial || !exchange.isWaiting }
}

/// What an exchange asks of the protocol to its workspace.
enum UpstreamNeed {
    case http1
    /// gRPC: nothing else carries it.
    case http2
    /// HTTP/2 where the workspace offers it.
    case either
    /// HTTP/1.1, or HTTP/2 where that is measured to cost less.
    case cheaper
}
