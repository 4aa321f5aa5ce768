import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TLS

@testable import Edge

/// An address on loopback, and what is found there.
final class Place: Sendable {
    enum Kind {
        /// Says hello as soon as TLS is up.
        case workspace(TLSContext)
        /// Takes connections and says nothing.
        case silent
        /// Takes connections and closes them.
        case closing
        /// Takes a CONNECT, says this, and speaks TLS if that was a 200.
        case proxy(String, TLSContext)
    }

    static let hello = "hello from "
    let address: SocketAddress
    private let channel: any Channel
    private let accepted: NIOLockedValueBox<[any Channel]>
    private let heads: NIOLockedValueBox<[String]>

    /// How many connections came.
    var count: Int { accepted.withLockedValue { $0.count } }
    /// How many of them are still there.
    var openCount: Int { accepted.withLockedValue { $0.count { $0.isActive } } }
    /// What a proxy was asked.
    var requests: [String] { heads.withLockedValue { $0 } }

    init(_ kind: Kind, at host: String = "127.0.0.1") async throws {
        let accepted = NIOLockedValueBox<[any Channel]>([])
        let heads = NIOLockedValueBox<[String]>([])
        self.accepted = accepted
        self.heads = heads
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                accepted.withLockedValue { $0.append(channel) }
                return channel.eventLoop.makeCompletedFuture { try Place.furnish(channel, kind, heads) }
            }
            .bind(host: host, port: 0).get()
        address = try SocketAddress(ipAddress: host, port: channel.localAddress?.port ?? 0)
    }

    /// An address where nobody is.
    static func deserted(_ host: String = "127.0.0.1") async throws -> SocketAddress {
        let place = try await Place(.silent, at: host)
        try await place.close()
        return place.address
    }

    func close() async throws {
        try await channel.close().get()
    }

    deinit {
        channel.close(promise: nil)
        accepted.withLockedValue { $0.forEach { $0.close(promise: nil) } }
    }

    private static func furnish(
        _ channel: any Channel, _ kind: Kind, _ heads: NIOLockedValueBox<[String]>
    ) throws {
        switch kind {
        case .silent: break
        case .closing: channel.close(promise: nil)
        case .workspace(let context): try addTLS(context, to: channel)
        case .proxy(let answer, let context):
            try channel.pipeline.syncOperations.addHandler(ProxyScript(answer, heads: heads, context))
        }
    }

    fileprivate static func addTLS(_ context: TLSContext, to channel: any Channel) throws {
        let host = Host(channel.localAddress?.ipAddress ?? "")
        let connection = TLSConnection.server(
            context: context, loop: TLSLoop(eventLoop: channel.eventLoop), application: host)
        host.connection = connection
        try channel.pipeline.syncOperations.addHandler(connection)
    }
}

/// Greets, and closes when the other side does.
private final class Host: TLSApplication {
    let name: String
    var connection: TLSConnection?

    init(_ name: String) {
        self.name = name
    }

    func connectionReady() {
        connection?.write(Array((Place.hello + name).utf8).span.bytes)
        connection?.flush()
    }

    func received(_ bytes: RawSpan) {}
    func readCompleted() {}
    func inputEnded(_ ending: InputEnding) { connection?.close() }
    func writabilityChanged() {}
    func connectionClosed(_ reason: ClosingReason) { connection = nil }
}

/// Answers the first head it reads.
private final class ProxyScript: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let answer: String
    private let heads: NIOLockedValueBox<[String]>
    private let context: TLSContext
    private var input = ""

    init(_ answer: String, heads: NIOLockedValueBox<[String]>, _ context: TLSContext) {
        self.answer = answer
        self.heads = heads
        self.context = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        input += String(buffer: unwrapInboundIn(data))
        guard input.hasSuffix("\r\n\r\n") else { return }
        heads.withLockedValue { $0.append(input) }
        input = ""
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        guard answer.contains(" 200 ") else { return }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
        try? Place.addTLS(self.context, to: context.channel)
    }
}
