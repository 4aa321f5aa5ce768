import NIOCore
import NIOPosix
import TLS

/// How a connection to a workspace comes about.
extension UpstreamConnection {
    /// Starts to connect; the exchange hears `upstreamReady` or `upstreamFailed`.
    func connect() {
        let target = loop.shared.workspaces[workspace]
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(TimeAmount(loop.shared.times.upstreamConnect))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            // Else the end of the socket would take along what a paused connection still holds.
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.install(on: channel) }
            }
            .connect(host: target.upstreamHost, port: target.upstreamPort)
            .assumeIsolated()
            .whenFailure { error in
                let text = ConnectFailure.text(error, host: target.upstreamHost, port: target.upstreamPort)
                bound.value.closed(because: .socketFailure(text))
            }
    }

    private func install(on channel: any Channel) throws {
        let target = loop.shared.workspaces[workspace]
        let connection = TLSConnection.client(
            context: target.upstreamTLS, serverName: target.upstreamHost, port: target.upstreamPort,
            loop: loop.tlsLoop, application: self)
        tls = connection
        try channel.pipeline.syncOperations.addHandler(connection)
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        self = .milliseconds(duration.milliseconds)
    }
}
