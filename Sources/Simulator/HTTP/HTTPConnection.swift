import NIOCore
import NIOHTTP1

typealias HTTPServerChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

/// One client connection: request parts in, response parts out, each side waiting for the other.
///
/// Not `Sendable`: it belongs to the one task that serves the connection.
final class HTTPConnection {
    private var parts: NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    private let writer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    private let channel: any Channel

    init(
        channel: any Channel, inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
        outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) {
        self.channel = channel
        self.parts = inbound.makeAsyncIterator()
        self.writer = outbound
    }

    func nextPart() async throws -> HTTPServerRequestPart? {
        try await parts.next()
    }

    /// Returns when the socket takes more, so a client that does not read holds its sender back.
    func write(_ part: HTTPServerResponsePart) async throws {
        try await writer.write(part)
    }

    func write(_ parts: [HTTPServerResponsePart]) async throws {
        try await writer.write(contentsOf: parts)
    }

    /// Cuts the connection without a farewell.
    func abort() async {
        try? await channel.triggerUserOutboundEvent(AbortConnection()).get()
        try? await channel.close().get()
    }
}

/// Outbound event: drop the socket without TLS close_notify.
struct AbortConnection: Sendable {}
