import Basics
import FoundationEssentials
import NIOCore
import TLS
import Wire

/// Asks an HTTP proxy for a tunnel (CONNECT, RFC 9110, section 9.3.6) and leaves the pipeline when it has answered.
final class ProxyTunnel: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Answer: Equatable {
        case open
        case refused(status: Int)
        /// Safe to log.
        case broken(String)
    }

    private let request: Secret<String>
    private var completion: ((Answer) -> Void)?
    private var input: [UInt8] = []
    private var head = ResponseHead()

    /// `authority` as in `host:443`; `login` as in `user:password`.
    init(to authority: String, login: Secret<String>?, completion: @escaping (Answer) -> Void) {
        request = ProxyTunnel.request(authority, login)
        self.completion = completion
    }

    private static func request(_ authority: String, _ login: Secret<String>?) -> Secret<String> {
        let token = login.map { Data($0.reveal().utf8).base64EncodedString() }
        let authorization = token.map { "proxy-authorization: Basic \($0)\r\n" } ?? ""
        return Secret("CONNECT \(authority) HTTP/1.1\r\nhost: \(authority)\r\n\(authorization)\r\n")
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request.reveal())), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard completion != nil else { return }
        input += unwrapInboundIn(data).readableBytesView
        let input = input
        let isEndless = input.count > ProxyTunnel.longestAnswer
        if let answer = isEndless ? ProxyTunnel.nonsense : judge(input.span.bytes) { finish(answer, context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { channelInactive(context: context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.broken("the proxy closed the connection without an answer"), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.broken("the connection to the proxy broke: \(ConnectFailure.reason(error))"), context)
    }

    /// `nil` while the answer is incomplete.
    private func judge(_ bytes: RawSpan) -> Answer? {
        // As to HEAD: whatever the fields say, no body follows a tunnel's head, and no other is read.
        switch head.parse(bytes, limits: ProxyTunnel.limits, requestMethod: .head) {
        case .incomplete: return nil
        case .invalid: return ProxyTunnel.nonsense
        case .complete(let length):
            guard !head.isInformational else { return judge(bytes.extracting(length..<bytes.byteCount)) }
            guard (200...299).contains(head.status) else { return .refused(status: head.status) }
            // In a tunnel the client speaks first.
            return length == bytes.byteCount ? .open : ProxyTunnel.nonsense
        }
    }

    private func finish(_ answer: Answer, _ context: ChannelHandlerContext) {
        guard let completion else { return }
        self.completion = nil
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
        completion(answer)
    }

    private static let limits = HeadLimits(bytes: 8192)
    /// With all interim answers, of which a proxy could send any number.
    private static let longestAnswer = 32_768
    private static let nonsense = Answer.broken("the proxy's answer is not that of an HTTP proxy")
}
