import Gate
import Metrics
import NIOCore
import Sessions
import TLS
import Wire

/// A WebSocket between a client and its workspace: bytes go through as they are, until either end or the session is over.
final class Tunnel {
    private let loop: EdgeLoop
    private let exchange: Exchange
    private let client: TunnelEnd
    private let upstream: TunnelEnd
    private var heardAt: NIODeadline
    /// Towards the client, for a last word of our own.
    private var boundary = FrameBoundary()
    private var lastWord: CloseFrame.Reason?
    private var isOver = false

    init(_ exchange: Exchange, client: TunnelEntrance, upstream: TunnelEntrance) {
        loop = exchange.loop
        self.exchange = exchange
        heardAt = exchange.loop.now
        self.client = TunnelEnd(client)
        self.upstream = TunnelEnd(upstream)
    }

    var session: SessionID? { exchange.session?.id }

    func start() {
        loop.connections.add(self)
        loop.tunnels[ObjectIdentifier(self)] = self
        client.start(in: self)
        upstream.start(in: self)
        settle()
        if loop.isDraining { drain() }
    }

    /// Ends the WebSocket with a word to the client, between two frames.
    func end(_ reason: CloseFrame.Reason) {
        lastWord = lastWord ?? reason
        sayLastWord()
    }

    // MARK: What the ends tell

    func received(_ bytes: RawSpan, from end: TunnelEnd) {
        loop.lookAtClock()
        heardAt = loop.now
        if end === client {
            exchange.bytesIn += UInt64(bytes.byteCount)
            upstream.write(bytes)
        } else {
            exchange.bytesOut += UInt64(bytes.byteCount)
            boundary.pass(bytes)
            client.write(bytes)
            if lastWord != nil { sayLastWord() }
        }
    }

    /// Flushes both ends, and reads from neither faster than the other takes.
    func settle() {
        client.flush()
        upstream.flush()
        if !client.isWritable { upstream.pause() }
        if !upstream.isWritable { client.pause() }
    }

    func writabilityChanged(of end: TunnelEnd) {
        if end.isWritable { other(than: end).resume() }
    }

    /// What one end has stopped sending, the other is not sent any more.
    func inputEnded(at end: TunnelEnd) {
        close()
    }

    func closed(_ end: TunnelEnd) {
        loop.shared.metrics.closed(end === client ? .client : .upstream)
        close()
        guard client.isClosed, upstream.isClosed, !isOver else { return }
        isOver = true
        loop.connections.remove(self)
        loop.tunnels[ObjectIdentifier(self)] = nil
        exchange.answer = .complete
        exchange.record()
        loop.giveBack(exchange)
    }

    private func other(than end: TunnelEnd) -> TunnelEnd {
        end === client ? upstream : client
    }

    private func close() {
        client.close()
        upstream.close()
    }

    private func sayLastWord() {
        guard let lastWord, boundary.isBetweenFrames else { return }
        client.write(CloseFrame.bytes(lastWord).span.bytes)
        close()
    }
}

extension Tunnel: LoopConnection {
    func checkTimes(at now: NIODeadline) {
        let isIdle = now - heardAt > TimeAmount(loop.shared.times.tunnelIdle)
        let hasEnded = exchange.session.map { $0.endsAt <= loop.shared.clock.now() } ?? false
        if hasEnded { end(.policyViolation) } else if isIdle { end(.goingAway) }
    }

    func drain() {
        end(.goingAway)
    }

    func dismiss() {}

    func abort() {
        client.abort()
        upstream.abort()
    }
}
