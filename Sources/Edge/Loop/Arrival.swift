import NIOCore
import TLS
import Wire

/// A client's connection during its TLS handshake, which decides what protocol it speaks.
final class Arrival: TLSApplication {
    private let loop: EdgeLoop
    private let address: [UInt8]
    var tls: TLSConnection?

    /// - Parameter address: The peer's address without port, as text.
    init(loop: EdgeLoop, address: [UInt8]) {
        self.loop = loop
        self.address = address
    }

    func connectionReady() {
        guard let tls else { return }
        self.tls = nil
        loop.lookAtClock()
        loop.connections.remove(self)
        let connection = ClientConnection(loop: loop, address: address, tls: tls)
        loop.connections.add(connection)
        tls.handOver(to: connection)
        if loop.isDraining { connection.drain() }
    }

    func received(_ bytes: RawSpan) {}

    func readCompleted() {}

    func inputEnded(_ ending: InputEnding) {}

    func writabilityChanged() {}

    func connectionClosed(_ reason: ClosingReason) {
        tls = nil
        loop.connections.remove(self)
        loop.shared.metrics.closed(.client)
    }
}

extension Arrival: LoopConnection {
    /// The handshake has a limit of its own.
    func checkTimes(at now: NIODeadline) {}

    /// What has not begun is not begun.
    func drain() { tls?.abort() }

    func abort() { tls?.abort() }
}
