import NIOCore
import TLS

/// How a connection to a workspace comes about.
extension UpstreamConnection {
    /// Starts to connect; the exchange hears `upstreamReady` or `upstreamFailed`.
    func connect() {
        loop.dialers[workspace].dial { result in
            switch result {
            case .success(let dialed): self.take(dialed.tls)
            case .failure(let failure): self.closed(because: .socketFailure(failure.text))
            }
        }
    }

    private func take(_ connection: TLSConnection) {
        guard phase == .connecting else { return connection.close() }
        tls = connection
        connection.handOver(to: self)
        connectionReady()
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        self = .milliseconds(duration.milliseconds)
    }
}
