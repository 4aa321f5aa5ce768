import Basics
import Gate
import HTTP2
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
    var bearers = BearerTable()
    var principals = LivePrincipals()
    /// In the order of the workspaces.
    private(set) var upstreams: [Upstreams] = []
    let log: AccessLogLines
    let hasher = SHA256Hasher()
    var connections = ConnectionTable()
    /// Those of the connections that are tunnels: they hold a session for longer than a request.
    var tunnels: [ObjectIdentifier: Tunnel] = [:]
    /// What the metrics know of `sessions.count`.
    var reportedSessions = 0

    /// Results of the last parse; they speak of the bytes of the exchange named in `requestHeadOwner`.
    private(set) var requestHead = RequestHead()
    var requestHeadOwner: UInt64 = 0
    var responseHead = ResponseHead()
    /// Plaintext on its way into TLS records. Empty between events.
    let staging = Staging()
    /// Frames and fields of HTTP/2 on their way; empty between uses.
    var frames: [UInt8] = []
    var fields = HTTP2Fields()
    var requestTranscript = RequestTranscript()
    var responseTranscript = ResponseTranscript()
    /// What is said of the request or answer that is being rewritten; changed in place, so that nothing is allocated.
    var forwarding = Forwarding(host: [], authorization: .remove, keepsClientRequestID: false)
    var answering = ResponseForwarding(clientKeepsAlive: true, clientIsHTTP10: false)
    var isDraining = false
    /// When the event that is being handled arrived; between events up to a second old.
    private(set) var now = NIODeadline.now()
    /// Who was written to during this event and wants a flush at its end.
    var unsettled: [any Unsettled] = []
    /// Who has frames to send at the end of this round.
    private var dueLinks: [HTTP2Link] = []
    private var spare: [[UInt8]] = []
    private var spareExchanges: [Exchange] = []
    private var lastSerial: UInt64 = 0
    private let requestIDPrefix: [UInt8]

    init(eventLoop: any EventLoop, shared: EdgeShared) {
        self.eventLoop = eventLoop
        self.shared = shared
        tlsLoop = TLSLoop(eventLoop: eventLoop)
        sessions = HotSessions(limit: shared.hotSessions, staleness: shared.staleness, notice: shared.endNotice)
        log = AccessLogLines(eventLoop: eventLoop, sink: shared.accessLog)
        requestIDPrefix = Array(Base64URL.encode(shared.random.bytes(9)).utf8)
        upstreams = shared.workspaces.indices.map { Upstreams(loop: self, index: $0) }
    }

    /// Reads the clock once for all that one event brings about.
    func lookAtClock() {
        now = .now()
    }

    /// Flushes whatever the event that ends here has written to, and does what that makes possible.
    func settle() {
        while let next = unsettled.popLast() { next.settle() }
    }

    /// Has a link's frames sent when all that arrived in this round of the event loop has been handled.
    func atEndOfRound(_ link: HTTP2Link) {
        dueLinks.append(link)
        guard dueLinks.count == 1 else { return }
        eventLoop.assumeIsolated().execute { self.endRound() }
    }

    private func endRound() {
        var due: [HTTP2Link] = []
        swap(&due, &dueLinks)
        for link in due { link.produce() }
        settle()
        guard dueLinks.isEmpty else { return }
        due.removeAll(keepingCapacity: true)
        swap(&due, &dueLinks)
    }

    /// Parses a head into `requestHead`, which speaks of no exchange's bytes from then on: not even of one whose head was
    /// there before, for what is incomplete or malformed takes its place, too.
    func parseRequestHead(_ bytes: RawSpan, examined: Int = 0) -> HeadProgress {
        requestHeadOwner = 0
        return requestHead.parse(bytes, limits: shared.headLimits, examined: examined)
    }

    /// An exchange under a number, from 1, that no other of this loop has or had.
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
