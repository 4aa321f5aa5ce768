import HTTP2
import Metrics
import NIOCore
import TLS
import Wire

/// One client's HTTP/2 connection: each of its streams carries one exchange.
final class HTTP2ClientConnection {
    let loop: EdgeLoop
    let address: [UInt8]
    /// The fields of the one header block that may be under way.
    var transcript = RequestTranscript()
    private(set) var link: HTTP2Link?
    private(set) var session: HTTP2Session?
    private(set) var streams: [ObjectIdentifier: ClientStream] = [:]
    var times: Times

    init(loop: EdgeLoop, address: [UInt8], tls: TLSConnection) {
        self.loop = loop
        self.address = address
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
        if loop.isDraining, streams.isEmpty { goAway() }
    }

    func goAway(_ error: HTTP2ErrorCode = .noError) {
        session?.goAway(error)
        link?.close()
    }
}

extension HTTP2ClientConnection: HTTP2SessionDelegate {
    func streamOpened(_ stream: HTTP2Stream) {
        let exchange = ClientStream(stream, on: self)
        streams[ObjectIdentifier(exchange)] = exchange
        stream.handler = exchange
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

    func linkFailed(_ fault: HTTP2Fault) {
        loop.shared.logger.info("client broke HTTP/2", metadata: ["fault": "\(fault)"])
    }

    func linkClosed(_ reason: ClosingReason) {
        link = nil
        session = nil
        loop.connections.remove(self)
        loop.shared.metrics.closed(.client)
    }
}

extension HTTP2ClientConnection: LoopConnection {
    /// Tells the client to open no more streams; the connection ends with the last one.
    func drain() {
        guard !streams.isEmpty else { return goAway() }
        session?.announceShutdown()
        link?.due()
    }

    func abort() {
        for stream in Array(streams.values) { stream.abort() }
        session?.goAway(.noError)
        link?.produce()
        link?.abort()
    }
}
