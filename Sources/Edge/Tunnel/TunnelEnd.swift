import TLS
import Wire

/// One end of a tunnel.
final class TunnelEnd: TLSApplication {
    private var tls: TLSConnection?
    /// Read before the tunnel was there.
    private var early: [UInt8]
    /// Until the connection is closed.
    private var tunnel: Tunnel?

    init(_ entrance: TunnelEntrance) {
        tls = entrance.tls
        early = entrance.bytes
    }

    var isClosed: Bool { tls == nil }
    var isWritable: Bool { tls?.isWritable ?? true }

    func start(in tunnel: Tunnel) {
        self.tunnel = tunnel
        tls?.handOver(to: self)
        let bytes = early
        early = []
        if !bytes.isEmpty { tunnel.received(bytes.span.bytes, from: self) }
    }

    func write(_ bytes: RawSpan) { tls?.write(bytes) }

    func flush() { tls?.flush() }

    func pause() { tls?.pauseReading() }

    func resume() { tls?.resumeReading() }

    func close() { tls?.close() }

    func abort() { tls?.abort() }

    // MARK: TLSApplication

    func connectionReady() {}

    func received(_ bytes: RawSpan) {
        tunnel?.received(bytes, from: self)
    }

    func readCompleted() {
        tunnel?.settle()
    }

    func inputEnded(_ ending: InputEnding) {
        tunnel?.inputEnded(at: self)
    }

    func writabilityChanged() {
        tunnel?.writabilityChanged(of: self)
    }

    func connectionClosed(_ reason: ClosingReason) {
        tls = nil
        let ending = tunnel
        tunnel = nil
        ending?.closed(self)
    }
}
