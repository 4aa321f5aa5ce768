import Gate
import NIOCore
import TLS
import Wire

/// The connections of one event loop to one workspace: idle ones of HTTP/1.1, shared ones of HTTP/2, and the exchanges that
/// wait for one.
///
/// They belong to one workspace of the configuration, and so to one address, one server name and one set of trust
/// anchors: connections that differ in any of these never meet.
final class Upstreams {
    let loop: EdgeLoop
    let index: Int
    let pool: UpstreamPool
    /// This loop's share of the requests that may be under way in the process: loops that share nothing wait for nobody.
    var inFlight: InFlight<WaitingExchange>
    var sharing = Sharing()
    /// Whether those in line are about to be looked at.
    var isAdvancing = false
    private let dialer: Dialer
    private let dialerWithHTTP2: Dialer
    private var shared: [HTTP2UpstreamConnection] = []
    /// They take no more streams, and still carry some.
    private var leaving: [HTTP2UpstreamConnection] = []
    private var waiting: [WaitingExchange] = []
    /// Whether a connection is being made on which HTTP/2 was offered.
    private var isDialing = false
    /// Until when the workspace is taken to speak HTTP/1.1 only, since it chose that when it had the choice.
    private var speaksOnlyHTTP1Until: NIODeadline?

    init(loop: EdgeLoop, index: Int) {
        self.loop = loop
        self.index = index
        pool = UpstreamPool(limit: loop.shared.limits.pooled)
        inFlight = InFlight(loop.shared.limits, loops: loop.shared.loops)
        dialer = Dialer(loop, workspace: index, offeringHTTP2: false)
        dialerWithHTTP2 = Dialer(loop, workspace: index, offeringHTTP2: true)
    }

    var name: String { loop.shared.workspaces[index].name }

    /// A connection or a stream that is there.
    func take(_ need: UpstreamNeed) -> (any UpstreamSide)? {
        if case .cheaper = need { return takeCheaper() }
        return prefersHTTP2(need) ? stream() : pool.take()
    }

    private func stream() -> UpstreamStream? {
        shared.first { $0.hasRoom }.map { UpstreamStream(on: $0) }
    }

    /// Nobody waits for a connection only because it would be cheaper.
    private func takeCheaper() -> (any UpstreamSide)? {
        sharing.crowd(inFlight.count, at: loop.now.uptimeNanoseconds)
        guard sharing.isOn else { return pool.take() }
        if shared.isEmpty, prefersHTTP2(.either) { dialHTTP2() }
        return stream() ?? pool.take()
    }

    /// Makes a connection for an exchange that waits; it hears `upstreamReady` or `upstreamFailed`.
    func connect(for exchange: Exchange, _ need: UpstreamNeed) {
        guard prefersHTTP2(need) else { return dialHTTP1(for: WaitingExchange(exchange, need)) }
        waiting.append(WaitingExchange(exchange, need))
        dialHTTP2()
    }

    private func prefersHTTP2(_ need: UpstreamNeed) -> Bool {
        switch need {
        case .http1, .cheaper: false
        case .http2: true
        case .either: speaksOnlyHTTP1Until.map { $0 < loop.now } ?? true
        }
    }

    /// Streams have ended, or a connection is there.
    func roomMade() {
        waiting.removeAll { $0.isOver }
        while !waiting.isEmpty, let connection = shared.first(where: { $0.hasRoom }) {
            let next = waiting.removeFirst()
            _ = next.exchange.upstreamReady(UpstreamStream(on: connection))
            loop.settle()
        }
        if !waiting.isEmpty { dialHTTP2() }
    }

    /// The workspace opens no more streams on it.
    func retire(_ connection: HTTP2UpstreamConnection) {
        leave(connection)
        leaving.append(connection)
    }

    func leave(_ connection: HTTP2UpstreamConnection) {
        shared.removeAll { $0 === connection }
        leaving.removeAll { $0 === connection }
    }

    // MARK: Dialing

    private func dialHTTP1(for waiting: WaitingExchange) {
        dialer.dial { result in
            self.loop.lookAtClock()
            switch result {
            case .success(let dialed): self.begin(on: dialed, for: waiting)
            case .failure(let failure): self.fail([waiting], failure)
            }
            self.loop.settle()
        }
    }

    private func dialHTTP2() {
        guard !isDialing, shared.count < loop.shared.limits.sharedConnections else { return }
        isDialing = true
        dialerWithHTTP2.dial { result in
            self.loop.lookAtClock()
            self.isDialing = false
            switch result {
            case .success(let dialed): self.dialed(dialed)
            case .failure(let failure): self.fail(self.takeWaiting(), failure)
            }
            self.loop.settle()
        }
    }

    private func dialed(_ dialed: DialedConnection) {
        guard dialed.negotiatedProtocol == "h2" else { return speaksOnlyHTTP1(dialed) }
        speaksOnlyHTTP1Until = nil
        let connection = HTTP2UpstreamConnection(loop: loop, upstreams: self, tls: dialed.tls)
        shared.append(connection)
        connection.start(on: dialed.tls)
        roomMade()
    }

    /// Whoever can do without HTTP/2 does; the first of them on the connection that is there.
    private func speaksOnlyHTTP1(_ dialed: DialedConnection) {
        speaksOnlyHTTP1Until = loop.now + TimeAmount(loop.shared.times.protocolMemory)
        var connection: DialedConnection? = dialed
        for waiting in takeWaiting() where !waiting.isOver {
            if waiting.need == .http2 {
                waiting.exchange.upstreamFailed(.nonsense, because: .tlsFailure("the workspace does not speak HTTP/2"))
            } else if let first = connection.take() {
                begin(on: first, for: waiting)
            } else {
                dialHTTP1(for: waiting)
            }
        }
        if let connection { UpstreamConnection(connection.tls, upstreams: self).putAside() }
    }

    private func begin(on dialed: DialedConnection, for waiting: WaitingExchange) {
        let connection = UpstreamConnection(dialed.tls, upstreams: self)
        guard !waiting.isOver, waiting.exchange.upstreamReady(connection) else { return connection.putAside() }
    }

    private func takeWaiting() -> [WaitingExchange] {
        defer { waiting = [] }
        return waiting
    }

    private func fail(_ waiting: [WaitingExchange], _ failure: DialFailure) {
        for each in waiting where !each.isOver {
            each.exchange.upstreamFailed(.unreachable, because: .socketFailure(failure.text))
        }
    }

    // MARK: Time

    /// Called about once a second.
    func checkTimes(at now: NIODeadline) {
        refuseOverdue(at: now)
        pool.closeIdle(since: now - TimeAmount(loop.shared.times.upstreamIdle))
        for connection in shared + leaving { connection.checkTimes(at: now) }
    }

    func close() {
        dialer.stop()
        dialerWithHTTP2.stop()
        pool.closeIdle(since: .distantFuture)
        for connection in shared + leaving { connection.close() }
    }
}

extension Dialer {
    fileprivate convenience init(_ loop: EdgeLoop, workspace index: Int, offeringHTTP2: Bool) {
        let target = DialTarget(loop.shared.workspaces[index], offeringHTTP2: offeringHTTP2)
        self.init(
            target: target, times: DialTimes(loop.shared.times), tlsLoop: loop.tlsLoop, logger: loop.shared.logger)
    }
}
