import Gate
import HTTP2
import Metrics
import NIOCore
import TLS
import Wire

/// One HTTP/2 connection to a workspace, which carries the exchanges of many clients at once.
final class HTTP2UpstreamConnection {
    let loop: EdgeLoop
    let upstreams: Upstreams
    private(set) var link: HTTP2Link?
    let session: HTTP2Session
    /// Requests that leave with the next write.
    var begun = 0
    private var lastHeard: NIODeadline
    /// When a PING was sent that is not answered yet.
    private var pingedAt: NIODeadline?

    init(loop: EdgeLoop, upstreams: Upstreams, tls: TLSConnection) {
        self.loop = loop
        self.upstreams = upstreams
        lastHeard = loop.now
        session = HTTP2Session(side: .client, settings: loop.shared.http2)
        link = HTTP2Link(loop: loop, tls: tls, session: session, owner: self)
        session.delegate = self
        loop.shared.metrics.opened(.upstream)
    }

    /// Takes the connection over; what it says first leaves soon.
    func start(on tls: TLSConnection) {
        guard let link else { return }
        tls.handOver(to: link)
        link.due()
    }

    /// Whether it can carry one more exchange.
    var hasRoom: Bool {
        link?.isOpen == true && !session.isDraining && session.openStreams < session.peerMaxConcurrentStreams
    }

    /// Called when a stream is over.
    func streamEnded() {
        if session.isDraining, session.openStreams == 0 { link?.close() }
        upstreams.roomMade()
    }

    /// Called about once a second: a connection that carries something and is silent is asked whether it is alive.
    func checkTimes(at now: NIODeadline) {
        let times = loop.shared.times
        if let pingedAt, now - pingedAt > TimeAmount(times.pingAnswer) {
            link?.abort()
        } else if session.openStreams > 0 {
            if pingedAt == nil, now - lastHeard > TimeAmount(times.pingAfter) { ping(at: now) }
        } else if now - lastHeard > TimeAmount(times.upstreamIdle) {
            close()
        }
    }

    func close() {
        session.goAway(.noError)
        link?.close()
    }

    private func ping(at now: NIODeadline) {
        pingedAt = now
        session.ping()
        link?.due()
    }
}

extension HTTP2UpstreamConnection: HTTP2SessionDelegate {
    /// A workspace may not open streams: pushing is switched off.
    func streamOpened(_ stream: HTTP2Stream) {}

    func goAwayReceived() {
        upstreams.retire(self)
        if session.openStreams == 0 { link?.close() }
    }

    func settingsReceived() {
        upstreams.roomMade()
    }

    func pingAcknowledged() {
        pingedAt = nil
    }
}

extension HTTP2UpstreamConnection: HTTP2LinkOwner {
    func linkHeard() {
        lastHeard = loop.now
    }

    func linkWrites() {
        guard begun > 0 else { return }
        upstreams.sharing.wrote(begun, at: loop.now.uptimeNanoseconds)
        begun = 0
    }

    func linkFailed(_ fault: HTTP2Fault) {
        upstreams.leave(self)
        loop.shared.logger.warning(
            "workspace broke HTTP/2", metadata: ["workspace": "\(upstreams.name)", "fault": "\(fault)"])
    }

    func linkClosed(_ reason: ClosingReason) {
        link = nil
        upstreams.leave(self)
        loop.shared.metrics.closed(.upstream)
    }
}
