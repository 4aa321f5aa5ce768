import Gate
import HTTP2
import NIOCore
import Wire

/// One stream of a client's HTTP/2 connection, from its head to its end.
final class ClientStream {
    let connection: HTTP2ClientConnection
    let stream: HTTP2Stream
    var exchange: Exchange?
    /// What came of the body while the exchange waits; the stream's window bounds it.
    private var pending: [UInt8] = []
    /// Bytes that the exchange has, and that the client may replace when the workspace takes more.
    private var unconsumed = 0
    private var isPaused = false
    private var inputHasEnded = false
    private var trailers: [UInt8] = []
    private var discarded = 0
    var answerHasEnded = false
    /// When all of the answer had gone out while the client still had not ended its request.
    private var lingersSince: NIODeadline?
    private var isFull = false

    var loop: EdgeLoop { connection.loop }
    var address: [UInt8] { connection.address }
    var certificateNames: [String] { connection.certificateNames }

    init(_ stream: HTTP2Stream, on connection: HTTP2ClientConnection) {
        self.stream = stream
        self.connection = connection
    }

    /// Has what was written leave, and the workspace paused when the client takes no more.
    func due() {
        connection.link?.due()
        guard !stream.isWritable, !isFull, let exchange, !exchange.isAnswered else { return }
        isFull = true
        exchange.clientIsFull()
    }

    func checkTimes(at now: NIODeadline) {
        guard let exchange else { return }
        guard exchange.isAnswered else { return exchange.checkTimes(at: now) }
        if stream.outboxCount > 0 { checkTaking(of: exchange, at: now) } else { checkLingering(at: now) }
    }

    /// The workspace is done with the request; what is left of the answer must not lie here for ever.
    private func checkTaking(of exchange: Exchange, at now: NIODeadline) {
        exchange.stalledSince = exchange.stalledSince ?? now
        guard exchange.takesTooSlowly(at: now) else { return }
        stream.reset(.cancel)
        connection.link?.due()
    }

    private func checkLingering(at now: NIODeadline) {
        guard !inputHasEnded, connection.link?.isWritable == true else { return }
        stopUpload()
        let since = lingersSince ?? now
        lingersSince = since
        guard now - since > TimeAmount(loop.shared.times.lingering) else { return }
        stream.reset(.noError)
        connection.link?.due()
    }

    func abort() {
        exchange?.abandon(.unavailable)
        stream.reset(.cancel)
    }
}

extension ClientStream: HTTP2StreamHandler {
    func fields(_ stream: HTTP2Stream, _ block: borrowing FieldBlock, endsStream: Bool) {
        connection.blockEnded(on: self)
        guard exchange == nil else { return takeTrailers(block) }
        let exchange = loop.takeExchange(for: self)
        self.exchange = exchange
        var transcript = loop.requestTranscript.take()
        do throws(HeadError) {
            guard !block.hasTooManyBytes else { throw .headTooLarge }
            guard !block.hasTooManyFields else { throw .tooManyFields }
            block.forEach { transcript.add(name: $0, value: $1) }
            try transcript.finish(hasBody: !endsStream)
            try begin(exchange, transcript.bytes)
        } catch {
            exchange.refuse(.malformed(status: error.status, explanation: error.explanation(loop.shared.headLimits)))
        }
        loop.requestTranscript.giveBack(&transcript)
    }

    private func takeTrailers(_ block: borrowing FieldBlock) {
        var lines: [UInt8] = []
        block.forEach { Trailers.append(name: $0, value: $1, to: &lines) }
        trailers = lines
    }

    private func begin(_ exchange: Exchange, _ head: [UInt8]) throws(HeadError) {
        switch loop.parseRequestHead(head.span.bytes) {
        case .complete(head.count): exchange.begin(head.span.bytes)
        case .invalid(let error): throw error
        case .complete, .incomplete: throw .requestLineMalformed
        }
    }

    func data(_ stream: HTTP2Stream, _ bytes: RawSpan) {
        guard let exchange, !exchange.isAnswered else { return discard(bytes.byteCount) }
        if exchange.isWaiting || !pending.isEmpty {
            bytes.withUnsafeBytes { pending.append(contentsOf: $0) }
        } else {
            hand(bytes, to: exchange)
        }
    }

    func inputEnded(_ stream: HTTP2Stream) {
        inputHasEnded = true
        if pending.isEmpty, exchange?.isWaiting != true { endRequest() }
    }

    func closed(_ stream: HTTP2Stream, error: HTTP2ErrorCode, wasProcessed: Bool) {
        if let exchange {
            self.exchange = nil
            exchange.abandon(.clientGone)
            loop.giveBack(exchange)
        }
        loop.giveBack(&pending)
        connection.ended(self)
    }

    func writabilityChanged(_ stream: HTTP2Stream) {
        guard isFull, stream.isWritable else { return }
        isFull = false
        exchange?.clientTakesMore()
    }

    // MARK: The body

    private func hand(_ bytes: RawSpan, to exchange: Exchange) {
        exchange.receive(bytes)
        unconsumed += bytes.byteCount
        if !isPaused { consume() }
    }

    private func consume() {
        guard unconsumed > 0 else { return }
        stream.consumed(unconsumed)
        unconsumed = 0
        connection.link?.due()
    }

    private func endRequest() {
        let trailers = trailers
        exchange?.requestEnded(trailers: trailers.span.bytes)
    }

    /// What is left of a request after its answer is taken and dropped, up to a limit.
    private func discard(_ count: Int) {
        discarded += count
        guard discarded <= loop.shared.limits.lingering else { return stopUpload() }
        stream.consumed(count)
        connection.link?.due()
    }

    /// Asks for no more of the request, but not before all of the answer is out, which a reset would overtake.
    private func stopUpload() {
        guard discarded > loop.shared.limits.lingering, stream.outputHasEnded else { return }
        stream.reset(.noError)
        connection.link?.due()
    }

    func holdBack() {
        isPaused = true
    }

    func goOn() {
        isPaused = false
        if !pending.isEmpty, let exchange {
            var held: [UInt8] = []
            swap(&held, &pending)
            hand(held.span.bytes, to: exchange)
            loop.giveBack(&held)
        }
        if inputHasEnded, pending.isEmpty { endRequest() }
        if !isPaused { consume() }
    }
}
