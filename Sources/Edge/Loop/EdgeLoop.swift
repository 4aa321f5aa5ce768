import Basics
import Gate
import NIOCore
import Sessions
import TLS
import Wire

/// Everything one event loop owns: its sessions, its pools, its scratch space. Nothing in it is shared with another.
final class EdgeLoop {
    let eventLoop: any EventLoop
    let tlsLoop: TLSLoop
    let shared: EdgeShared
    let sessions: HotSessions
    let pools: [UpstreamPool]
    /// In the order of the workspaces, as the pools are.
    let dialers: [Dialer]
    let log: AccessLogLines
    let hasher = SHA256Hasher()
    var connections = ConnectionTable()
    /// What the metrics know of `sessions.count`.
    var reportedSessions = 0

    /// Results of the last parse; they speak of the bytes of the exchange named in `requestHeadOwner`.
    var requestHead = RequestHead()
    var requestHeadOwner: UInt64 = 0
    var responseHead = ResponseHead()
    /// Plaintext on its way into TLS records. Empty between events.
    let staging = Staging()
    /// What is said of the request or answer that is being rewritten; changed in place, so that nothing is allocated.
    var forwarding = Forwarding(host: [], authorization: .remove, keepsClientRequestID: false)
    var answering = ResponseForwarding(clientKeepsAlive: true, clientIsHTTP10: false)
    var isDraining = false
    /// When the event that is being handled arrived; between events up to a second old.
    private(set) var now = NIODeadline.now()
    /// Who was written to during this event and wants a flush at its end.
    var unsettled: [any Unsettled] = []
    private var spare: [[UInt8]] = []
    private var spareExchanges: [Exchange] = []
    private var lastSerial: UInt64 = 0
    private let requestIDPrefix: [UInt8]

    init(eventLoop: any EventLoop, shared: EdgeShared) {
        self.eventLoop = eventLoop
        self.shared = shared
        tlsLoop = TLSLoop(eventLoop: eventLoop)
        sessions = HotSessions(limit: shared.hotSessions)
        log = AccessLogLines(eventLoop: eventLoop, sink: shared.accessLog)
        pools = shared.workspaces.map { _ in UpstreamPool(limit: shared.limits.pooled) }
        dialers = shared.workspaces.map { [tlsLoop] workspace in
            Dialer(
                target: DialTarget(workspace), times: DialTimes(shared.times), tlsLoop: tlsLoop, logger: shared.logger)
        }
        requestIDPrefix = Array(Base64URL.encode(shared.random.bytes(9)).utf8)
    }

    /// Reads the clock once for all that one event brings about.
    func lookAtClock() {
        now = .now()
    }

    /// Flushes whatever the event that ends here has written to, and does what that makes possible.
    func settle() {
        while let next = unsettled.popLast() { next.settle() }
    }

    /// An exchange under a number that no other of this loop has or had.
    func takeExchange(for client: any ClientSide) -> Exchange {
        lastSerial += 1
        let exchange = spareExchanges.popLast() ?? Exchange(loop: self)
        exchange.start(for: client, serial: lastSerial)
        return exchange
    }

    func giveBack(_ exchange: Exchange) {
        exchange.forget()
        if spareExchanges.count < 256 { spareExchanges.append(exchange) }
    }

    /// Writes a request id: unpredictable per process and loop, then counting; 12 + 8 visible characters.
    func writeRequestID(_ serial: UInt64, into id: inout [UInt8]) {
        id.removeAll(keepingCapacity: true)
        id.append(contentsOf: requestIDPrefix)
        for shift in stride(from: 28, through: 0, by: -4) {
            id.append(hexDigits[Int(serial >> UInt64(shift) & 15)])
        }
    }

    func takeBuffer() -> [UInt8] {
        spare.popLast() ?? []
    }

    /// Keeps a few buffers of ordinary size for the next exchange; the rest is freed, so idle connections hold nothing.
    func giveBack(_ buffer: inout [UInt8]) {
        var returned: [UInt8] = []
        swap(&returned, &buffer)
        guard spare.count < 64, returned.capacity > 0, returned.capacity <= 4 * TLSRecord.plaintextLimit else { return }
        returned.removeAll(keepingCapacity: true)
        spare.append(returned)
    }
}

/// A connection that is flushed when the event that wrote to it is over.
protocol Unsettled: AnyObject {
    func settle()
}

/// The size that shapes the data path's buffers: a TLS record carries at most this much (RFC 8446, section 5.1).
enum TLSRecord {
    static let plaintextLimit = 16_384
}
