import NIOCore
import NIOHTTP1

/// Answers the requests of one admin connection, one after the other.
///
/// The pipelining handler before it holds the next request back until an answer is out.
final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let site: AdminSite
    private var request: HTTPRequestHead?
    private var body: [UInt8] = []

    init(site: AdminSite) {
        self.site = site
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where AdminHandler.hasBody(head) && AdminRequest.bodyLimit(head) == 0:
            refuse(head, "No body belongs here.\n", context: context)
        case .head(let head):
            request = head
            body = []
        case .body(let piece):
            guard let request else { return }
            body.append(contentsOf: piece.readableBytesView)
            guard body.count > AdminRequest.bodyLimit(request) else { return }
            refuse(request, "This body is too large.\n", context: context)
        case .end:
            guard let request else { return }
            self.request = nil
            answer(AdminRequest(request, body: body), to: request, context: context)
        }
    }

    /// Before the rest of the request is here; the connection ends with it.
    private func refuse(_ head: HTTPRequestHead, _ text: String, context: ChannelHandlerContext) {
        request = nil
        write(.text(.payloadTooLarge, text), to: head, keepAlive: false, context: context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ request: AdminRequest, to head: HTTPRequestHead, context: ChannelHandlerContext) {
        let site = site
        let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.makeFutureWithTask { await site.answer(request) }.whenSuccess { answer in
            let (handler, context) = handler.value
            guard context.channel.isActive else { return }
            handler.write(answer, to: head, keepAlive: head.isKeepAlive, context: context)
        }
    }

    private func write(
        _ answer: AdminAnswer, to request: HTTPRequestHead, keepAlive: Bool, context: ChannelHandlerContext
    ) {
        let body = context.channel.allocator.buffer(string: answer.body)
        var headers = HTTPHeaders([
            ("Content-Type", answer.contentType), ("Content-Length", "\(body.readableBytes)"),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ])
        headers.add(contentsOf: answer.headers)
        headers.add(name: "Connection", value: keepAlive ? "keep-alive" : "close")
        let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !keepAlive { written.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
    }

    private static func hasBody(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "Transfer-Encoding") || head.headers["Content-Length"].contains { $0 != "0" }
    }
}
