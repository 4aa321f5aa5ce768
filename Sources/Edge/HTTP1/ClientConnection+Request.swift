import Gate
import NIOCore
import TLS
import Wire

/// Reading a request.
extension ClientConnection {
    /// Takes up what arrived: request after request, each with its body. A loop, for pipelined requests that are
    /// answered at once must not nest.
    ///
    /// Returns how much was consumed; the rest has to wait.
    func consume(_ bytes: RawSpan) -> Int {
        isConsuming = true
        defer { isConsuming = false }
        var offset = 0
        while offset < bytes.byteCount {
            let taken = consumeSome(bytes.extracting(offset..<bytes.byteCount))
            guard taken > 0 else { break }
            offset += taken
        }
        return offset
    }

    private func consumeSome(_ bytes: RawSpan) -> Int {
        switch phase {
        case .reading: return tls?.isWritable == false ? putOff() : readHead(bytes)
        case .exchanging:
            guard let exchange, !exchange.body.isComplete else { return putOff() }
            return exchange.isWaiting ? 0 : receiveBody(bytes, exchange)
        case .lingering(let dropped):
            drop(bytes.byteCount, after: dropped)
            return bytes.byteCount
        case .closed: return bytes.byteCount
        }
    }

    /// A pipelined request waits for its turn, or until the client reads its answers, and the socket with it.
    private func putOff() -> Int {
        tls?.pauseReading()
        return 0
    }

    /// Goes on with what is in `input`.
    func consumeInput() {
        guard !input.isEmpty, !isConsuming else { return }
        var taken: [UInt8] = []
        swap(&taken, &input)
        let count = consume(taken.span.bytes)
        if count == 0 {
            swap(&taken, &input)
        } else {
            keep(taken.span.bytes.extracting(count..<taken.count))
        }
        loop.giveBack(&taken)
    }

    func keep(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        if input.isEmpty { input = loop.takeBuffer() }
        bytes.withUnsafeBytes { input.append(contentsOf: $0) }
    }

    private func readHead(_ bytes: RawSpan) -> Int {
        switch loop.parseRequestHead(bytes, examined: examined) {
        case .incomplete:
            examined = bytes.byteCount
            headBeganAt = headBeganAt ?? now
            return 0
        case .complete(let length):
            begin(bytes.extracting(0..<length))
            return length
        case .invalid(let error):
            startExchange().refuse(.malformed(status: error.status, explanation: error.explanation))
            return bytes.byteCount
        }
    }

    private func begin(_ head: RawSpan) {
        let exchange = startExchange()
        keepsAlive = loop.requestHead.keepsAlive
        isHTTP10 = loop.requestHead.isHTTP10
        exchange.body = RequestBody(loop.requestHead.framing)
        exchange.begin(head)
    }

    func startExchange() -> Exchange {
        let exchange = loop.takeExchange(for: self)
        self.exchange = exchange
        phase = .exchanging
        examined = 0
        headBeganAt = nil
        keepsAlive = false
        isHTTP10 = false
        answerFrames = .asItComes
        return exchange
    }

    /// Takes body bytes as far as they belong to this request, and returns how many that were.
    private func receiveBody(_ bytes: RawSpan, _ exchange: Exchange) -> Int {
        switch exchange.body {
        case .complete: 0
        case .length(var meter): receiveCounted(bytes, &meter, exchange)
        case .chunked(var decoder): receiveChunks(bytes, &decoder, exchange)
        }
    }

    private func receiveCounted(_ bytes: RawSpan, _ meter: inout BodyMeter, _ exchange: Exchange) -> Int {
        let count = meter.take(bytes.byteCount)
        exchange.body = meter.isComplete ? .complete : .length(meter)
        exchange.receive(bytes.extracting(0..<count))
        if meter.isComplete { exchange.requestEnded() }
        return count
    }

    private func receiveChunks(_ bytes: RawSpan, _ decoder: inout ChunkedDecoder, _ exchange: Exchange) -> Int {
        var offset = 0
        while case .exchanging = phase {
            switch decoder.next(bytes, from: offset) {
            case .data(let range):
                exchange.receive(bytes.extracting(range))
                offset = range.upperBound
            case .needMore:
                exchange.body = .chunked(decoder)
                return bytes.byteCount
            case .end(let consumed):
                exchange.body = .complete
                exchange.requestEnded()
                return consumed
            case .invalid(let error):
                keepsAlive = false
                exchange.bodyIsMalformed("The chunked body is malformed (\(error.rawValue)).")
                return bytes.byteCount
            }
        }
        return bytes.byteCount
    }
}
