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
        let connection = tls.negotiatesHTTP2 ? startHTTP2(tls) : startHTTP1(tls)
        loop.connections.add(connection)
        if loop.isDraining { connection.drain() }
    }

    private func startHTTP1(_ tls: TLSConnection) -> any LoopConnection {
        let connection = ClientConnection(loop: loop, address: address, tls: tls)
        tls.handOver(to: connection)
        return connection
    }

    private func startHTTP2(_ tls: TLSConnection) -> any LoopConnection {
        let connection = HTTP2ClientConnection(loop: loop, address: address, tls: tls)
        connection.start(on: tls)
        return connection
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

    /// A client that was let in is served.
    func drain() {}

    func dismiss() { tls?.abort() }

    func abort() { tls?.abort() }
}
