import HTTP2
import Metrics
import NIOCore
import TLS
import Wire

/// One client's HTTP/2 connection: each of its streams carries one exchange.
final class HTTP2ClientConnection {
    let loop: EdgeLoop
    let address: [UInt8]
    let certificateNames: [String]
    private(set) var link: HTTP2Link?
    private(set) var session: HTTP2Session?
    private(set) var streams: [ObjectIdentifier: ClientStream] = [:]
    var times: Times
    /// When the client was asked to open no more streams.
    private(set) var announcedAt: NIODeadline?
    private var isLeaving = false

    init(loop: EdgeLoop, address: [UInt8], tls: TLSConnection) {
        self.loop = loop
        self.address = address
        certificateNames = tls.clientNames
        times = Times(at: loop.now)
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
        blockEnded(on: stream)
        times.idleSince = loop.now
        if isLeaving { leave() }
    }

    /// Accepts no more streams, and ends with the last one.
    func leave() {
        isLeaving = true
        session?.goAway(.noError)
        if streams.isEmpty { link?.close() } else { link?.due() }
    }

    func goAway(_ error: HTTP2ErrorCode) {
        session?.goAway(error)
        link?.close()
    }

    /// Longer than the announcement and what crossed it are on their way (RFC 9113, section 6.8).
    static let announcement = TimeAmount.seconds(1)
}

extension HTTP2ClientConnection: HTTP2SessionDelegate {
    func streamOpened(_ stream: HTTP2Stream) {
        let exchange = ClientStream(stream, on: self)
        streams[ObjectIdentifier(exchange)] = exchange
        stream.handler = exchange
        blockBegan(on: exchange)
    }

    func goAwayReceived() {}

    func settingsReceived() {}

    /// Heard of already, as everything is.
    func pingAcknowledged() {}
}

extension HTTP2ClientConnection: HTTP2LinkOwner {
    func linkHeard() {
        times.heardAt = loop.now
        times.pingedAt = nil
    }

    func linkWrites() {}

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
