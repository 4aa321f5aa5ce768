import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// An HTTP proxy that opens a tunnel to any port of this machine, whatever the name.
final class RelayProxy: Sendable {
    private let channel: any Channel
    private let heads: NIOLockedValueBox<[String]>

    var port: Int { channel.localAddress?.port ?? 0 }
    /// What it was asked.
    var requests: [String] { heads.withLockedValue { $0 } }

    init() async throws {
        let heads = NIOLockedValueBox<[String]>([])
        self.heads = heads
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Relay { head in
                            heads.withLockedValue { $0.append(head) }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async throws {
        try await channel.close().get()
    }
}

/// One side of a tunnel; the client's side makes the other one.
private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let asked: @Sendable (String) -> Void
    private var head = ""
    private var other: (any Channel)?

    init(to other: (any Channel)? = nil, asked: @escaping @Sendable (String) -> Void = { _ in }) {
        self.other = other
        self.asked = asked
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let other { return other.writeAndFlush(buffer, promise: nil) }
        head += String(buffer: buffer)
        guard head.hasSuffix("\r\n\r\n") else { return }
        asked(head)
        open(context.channel)
    }

    private func open(_ client: any Channel) {
        let authority = head.split(separator: " ").dropFirst().first ?? ""
        let port = authority.split(separator: ":").last.flatMap { Int($0) } ?? 0
        let bound = NIOLoopBound(self, eventLoop: client.eventLoop)
        ClientBootstrap(group: client.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Relay(to: client))
                }
            }
            .connect(host: "127.0.0.1", port: port).whenComplete { result in
                let answer =
                    switch result {
                    case .success: "200 Connection established"
                    case .failure: "503 Service Unavailable"
                    }
                bound.value.other = try? result.get()
                client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 \(answer)\r\n\r\n"), promise: nil)
            }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other?.close(promise: nil)
        other = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
