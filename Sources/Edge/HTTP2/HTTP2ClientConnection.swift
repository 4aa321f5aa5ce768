import HTTP2
import Metrics
import NIOCore
import TLS
import Wire

/// One client's HTTP/2 connection: each of its streams carries one exchange.
final class HTTP2ClientConnection {
    let loop: EdgeLoop
    let address: [UInt8]
    private(set) var link: HTTP2Link?
    private var session: HTTP2Session?
    private var streams: [ObjectIdentifier: ClientStream] = [:]
    private var lastHeard: NIODeadline
    /// When the client was asked to open no more streams.
    private var announcedAt: NIODeadline?
    private var isLeaving = false

    init(loop: EdgeLoop, address: [UInt8], tls: TLSConnection) {
        self.loop = loop
        self.address = address
        lastHeard = loop.now
        let session = HTTP2Session(side: .server, settings: loop.shared.http2)
        self.session = session
        session.delegate = self
        link = HTTP2Link(loop: loop, tls: tls, session: session, owner: self)
    }

    /// Takes the connection over; what it says first leaves soon.
    func start(on tls: TLSConnection) {
        guard let link else { return }
        tls.handOver(to: link)
        link.due()
    }

    func ended(_ stream: ClientStream) {
        streams[ObjectIdentifier(stream)] = nil
        lastHeard = loop.now
        if isLeaving { leave() }
    }

    /// Accepts no more streams, and ends with the last one.
    private func leave() {
        isLeaving = true
        session?.goAway(.noError)
        if streams.isEmpty { link?.close() } else { link?.due() }
    }

    /// Longer than the announcement and what crossed it are on their way (RFC 9113, section 6.8).
    private static let announcement = TimeAmount.seconds(1)
}

extension HTTP2ClientConnection: HTTP2SessionDelegate {
    func streamOpened(_ stream: HTTP2Stream) {
        let exchange = ClientStream(stream, on: self)
        streams[ObjectIdentifier(exchange)] = exchange
        stream.handler = exchange
    }

    func goAwayReceived() {}

    func settingsReceived() {}

    func pingAcknowledged() {}
}

extension HTTP2ClientConnection: HTTP2LinkOwner {
    func linkHeard() {
        lastHeard = loop.now
    }

    func linkFailed(_ fault: HTTP2Fault) {
        loop.shared.logger.debug("client broke HTTP/2", metadata: ["fault": "\(fault)"])
    }

    func linkClosed(_ reason: ClosingReason) {
        link = nil
        session = nil
        loop.connections.remove(self)
        loop.shared.metrics.closed(.client)
    }
}

extension HTTP2ClientConnection: LoopConnection {
    func checkTimes(at now: NIODeadline) {
        for stream in streams.values { stream.checkTimes(at: now) }
        if let announcedAt, now - announcedAt > HTTP2ClientConnection.announcement { leave() }
        if streams.isEmpty, now - lastHeard > TimeAmount(loop.shared.times.clientIdle) { leave() }
    }

    /// Asks the client to open no more streams, and soon accepts none.
    func drain() {
        guard announcedAt == nil else { return }
        announcedAt = loop.now
        session?.announceShutdown()
        link?.due()
    }

    func dismiss() {
        if streams.isEmpty { leave() }
    }

    func abort() {
        for stream in Array(streams.values) { stream.abort() }
        session?.goAway(.noError)
        link?.produce()
        link?.abort()
    }
}
