import NIOCore
import NIOPosix
import TLS

/// One address being tried: TCP, then the proxy's tunnel if there is one, then TLS.
final class DialAttempt {
    let address: SocketAddress
    private let dialer: Dialer
    /// `nil` once the attempt has succeeded, failed or been given up: it tells nobody any more.
    private var dial: Dial?
    private let began = NIODeadline.now()
    private var channel: (any Channel)?
    private var tls: TLSConnection?
    private var limit: Scheduled<Void>?

    init(address: SocketAddress, dial: Dial) {
        self.address = address
        self.dial = dial
        dialer = dial.dialer
    }

    var elapsed: TimeAmount { .now() - began }

    func connect() {
        let bound = NIOLoopBound(self, eventLoop: dialer.eventLoop)
        ClientBootstrap(group: dialer.eventLoop)
            // Beyond the dial's own limit, which says better what happened.
            .connectTimeout(dialer.times.connect + .seconds(1))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            // Else the end of the socket would take along what a paused connection still holds.
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { bound.value.channel = channel }
            }
            .connect(to: address).assumeIsolated().whenComplete { self.connected($0) }
    }

    private func connected(_ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel):
            self.channel = channel
            guard let dial else { return close() }
            dial.connected(self)
        case .failure(let error):
            fail(.unreachable, ConnectFailure.reason(error))
        }
    }

    /// Goes on from TCP, on a limit of its own.
    func secure() {
        limit = dialer.eventLoop.assumeIsolated().scheduleTask(in: dialer.times.handshake) { self.timeIsUp() }
        dialer.target.proxy == nil ? startTLS() : openTunnel()
    }

    private func openTunnel() {
        install { [target = dialer.target] in
            ProxyTunnel(to: target.authority, login: target.proxy?.login) { self.tunnelAnswered($0) }
        }
    }

    private func tunnelAnswered(_ answer: ProxyTunnel.Answer) {
        guard dial != nil else { return }
        switch answer {
        case .open: startTLS()
        case .refused(let status): fail(.proxy(status: status), "the proxy answers \(status)")
        case .broken(let reason): fail(.proxy(status: nil), reason)
        }
    }

    private func startTLS() {
        let connection = TLSConnection.client(
            context: dialer.target.tls, serverName: dialer.target.host, port: dialer.target.port, loop: dialer.tlsLoop,
            application: self, handshakeTimeout: dialer.times.handshake + .seconds(1))
        tls = connection
        install { connection }
    }

    private func install(_ make: () -> any ChannelHandler) {
        do {
            try channel?.pipeline.syncOperations.addHandler(make())
        } catch {
            fail(.unreachable, ConnectFailure.reason(error))
        }
    }

    private func timeIsUp() {
        if tls == nil {
            fail(.proxy(status: nil), "the proxy gives no answer in time")
        } else {
            fail(.tls, "no TLS handshake in time")
        }
    }

    private func fail(_ cause: DialFailure.Cause, _ reason: String) {
        guard let dial else { return }
        dial.failed(self, cause, reason)
    }

    /// Gives the attempt up.
    func leave() {
        guard dial != nil else { return }
        part()
        close()
    }

    private func part() {
        dial = nil
        limit?.cancel()
    }

    private func close() {
        // A connection that failed is closing by itself, with an alert on its way out.
        if let tls, tls.isClosed { return }
        channel?.close(promise: nil)
    }
}

// Until the connection has been handed over.
extension DialAttempt: TLSApplication {
    func connectionReady() {
        guard let dial, let tls else { return }
        part()
        tls.pauseReading()
        dial.secured(self, tls)
    }

    func received(_ bytes: RawSpan) {}
    func readCompleted() {}
    /// Nobody can use what ends before it has begun.
    func inputEnded(_ ending: InputEnding) { tls?.abort() }
    func writabilityChanged() {}

    func connectionClosed(_ reason: ClosingReason) {
        fail(.tls, "\(reason)")
    }
}
