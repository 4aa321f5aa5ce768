import NIOCore
import NIOPosix

@testable import Stores

/// Answers each command with what it is told to say; `nil` is a proper answer.
final class StrangeServer: Sendable {
    let port: Int
    private let channel: any Channel

    init(_ answer: @escaping @Sendable (String) -> String?) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StrangeHandler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func close() async throws {
        try await channel.close()
    }
}

private final class StrangeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: @Sendable (String) -> String?
    private let reader = RESPReader()

    init(_ answer: @escaping @Sendable (String) -> String?) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        buffer.withUnsafeReadableBytes { bytes in try? reader.feed(bytes) }
        while case .array(let words) = try? reader.next() {
            let command = words.first?.text ?? ""
            guard !isFirstLook(words) else {
                context.writeAndFlush(NIOAny(ByteBuffer(string: "*2\r\n$4\r\nmark\r\n$1\r\n0\r\n")), promise: nil)
                continue
            }
            let usual = command == "PING" ? "+PONG\r\n" : command == "SCRIPT" ? "$3\r\nsha\r\n" : "+OK\r\n"
            context.writeAndFlush(NIOAny(ByteBuffer(string: answer(command) ?? usual)), promise: nil)
        }
    }

    /// At the marker, by a store that has just connected: answered properly, so that a test's own calls are the only strange ones.
    private func isFirstLook(_ words: [RESPValue]) -> Bool {
        words.count > 3 && words[3].text == LossMarker.name.text && words.last?.text == ""
    }
}
