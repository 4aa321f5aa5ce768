import NIOCore
import NIOPosix
import Sessions
import TLS

/// Host name or address, and port.
public struct RedisServerAddress: Sendable, Equatable {
    public var host: String
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// Makes connections to Redis servers and Sentinels, with or without TLS. Lives on one event loop.
final class RedisDialer {
    typealias Made = (Result<RedisChannel, StoreError>) -> Void

    private let loop: any EventLoop
    private let patience: TimeAmount
    private let tls: TLSContext?
    private lazy var tlsLoop = TLSLoop(eventLoop: loop)

    init(_ configuration: RedisConfiguration, loop: any EventLoop) {
        self.loop = loop
        patience = TimeAmount(configuration.connectTimeout)
        tls = configuration.tls
    }

    func dial(_ server: RedisServerAddress, made: @escaping Made) {
        let channel = RedisChannel(loop: loop)
        let once = Once(made)
        let handler = NIOLoopBound(handler(for: channel, server, once), eventLoop: loop)
        ClientBootstrap(group: loop)
            .connectTimeout(patience)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { socket in
                socket.eventLoop.makeCompletedFuture { try socket.pipeline.syncOperations.addHandler(handler.value) }
            }
            .connect(host: server.host, port: server.port)
            .assumeIsolated()
            .whenComplete { [tls] result in
                switch result {
                case .success: if tls == nil { once.tell(.success(channel)) }
                case .failure(let error):
                    let text = ConnectFailure.text(error, host: server.host, port: server.port)
                    once.tell(.failure(.unavailable(text)))
                }
            }
    }

    private func handler(for channel: RedisChannel, _ server: RedisServerAddress, _ once: Once) -> any ChannelHandler {
        guard let tls else {
            let transport = PlainRedisTransport(channel)
            channel.attach(transport)
            return transport
        }
        let transport = TLSRedisTransport(channel) { result in once.tell(result.map { channel }) }
        channel.attach(transport)
        return transport.makeHandler(tls, to: server, loop: tlsLoop, patience: patience)
    }

    /// A connection that fails may say so twice.
    private final class Once {
        private var made: Made?

        init(_ made: @escaping Made) {
            self.made = made
        }

        func tell(_ result: Result<RedisChannel, StoreError>) {
            made?(result)
            made = nil
        }
    }
}
