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
        case .exchanging where isWaiting: return 0
        case .exchanging: return exchange.body.isComplete ? putOff() : receiveBody(bytes)
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
        switch loop.requestHead.parse(bytes, limits: loop.shared.headLimits, examined: examined) {
        case .incomplete:
            examined = bytes.byteCount
            headBeganAt = headBeganAt ?? now
            return 0
        case .complete(let length):
            begin(bytes.extracting(0..<length))
            return length
        case .invalid(let error):
            startExchange()
            refuse(.malformed(status: error.status, explanation: error.explanation))
            return bytes.byteCount
        }
    }

    /// Takes what the exchange needs out of the head that was just parsed, and asks the gate.
    private func begin(_ head: RawSpan) {
        startExchange()
        loop.requestHeadOwner = exchange.serial
        head.withUnsafeBytes { exchange.held.append(contentsOf: $0) }
        copyFacts(headLength: head.byteCount)
        guard let workspace = loop.shared.hosts.workspace(of: head.extracting(loop.requestHead.authority.range)) else {
            return refuse(.unknownHost)
        }
        exchange.workspace = workspace
        decide(head)
    }

    func startExchange() {
        phase = .exchanging
        examined = 0
        headBeganAt = nil
        let machine = RequestMachine(asker: .program, foreignBearers: .refuse)
        exchange.reset(serial: loop.nextSerial(), machine: machine, at: now)
        if exchange.held.capacity == 0 { exchange.held = loop.takeBuffer() }
        loop.writeRequestID(exchange.serial, into: &exchange.requestID)
    }

    private func copyFacts(headLength: Int) {
        exchange.headLength = headLength
        exchange.method = loop.requestHead.method
        exchange.methodName = loop.requestHead.methodSlice
        exchange.path = loop.requestHead.path
        exchange.framing = loop.requestHead.framing
        exchange.keepsAlive = loop.requestHead.keepsAlive
        exchange.isHTTP10 = loop.requestHead.isHTTP10
        exchange.body =
            switch loop.requestHead.framing {
            case .none, .length(0): .complete
            case .length(let length): .length(BodyMeter(length: length))
            case .chunked: .chunked(ChunkedDecoder())
            }
    }

    /// Takes body bytes as far as they belong to this request, and returns how many that were.
    private func receiveBody(_ bytes: RawSpan) -> Int {
        switch exchange.body {
        case .complete: 0
        case .length(var meter): receiveCounted(bytes, &meter)
        case .chunked(var decoder): receiveChunks(bytes, &decoder)
        }
    }

    private func receiveCounted(_ bytes: RawSpan, _ meter: inout BodyMeter) -> Int {
        let count = meter.take(bytes.byteCount)
        exchange.body = meter.isComplete ? .complete : .length(meter)
        take(bytes.extracting(0..<count))
        if meter.isComplete { bodyCompleted() }
        return count
    }

    private func receiveChunks(_ bytes: RawSpan, _ decoder: inout ChunkedDecoder) -> Int {
        var offset = 0
        while case .exchanging = phase {
            switch decoder.next(bytes, from: offset) {
            case .data(let range):
                take(bytes.extracting(range))
                offset = range.upperBound
            case .needMore:
                exchange.body = .chunked(decoder)
                return bytes.byteCount
            case .end(let consumed):
                exchange.body = .complete
                bodyCompleted()
                return consumed
            case .invalid(let error):
                refuseMidway("The chunked body is malformed (\(error.rawValue)).")
            }
        }
        return bytes.byteCount
    }

    /// A body that turns out to be malformed: nobody may take what came so far for all of it.
    private func refuseMidway(_ explanation: String) {
        exchange.keepsAlive = false
        if case .none = exchange.answer {
            refuse(.malformed(status: 400, explanation: explanation))
        } else {
            giveUp(.malformed)
        }
    }

    private func take(_ piece: RawSpan) {
        guard piece.byteCount > 0 else { return }
        exchange.bytesIn += UInt64(piece.byteCount)
        hold(piece)
        guard exchange.bodyIsHeld || exchange.outcome != .served else {
            return refuse(.bodyTooLarge(limit: loop.shared.limits.heldBody))
        }
        sendBody(piece)
    }

    private func hold(_ piece: RawSpan) {
        guard exchange.bodyIsHeld else { return }
        if exchange.held.count - exchange.headLength + piece.byteCount <= loop.shared.limits.heldBody {
            piece.withUnsafeBytes { exchange.held.append(contentsOf: $0) }
        } else {
            exchange.bodyIsHeld = false
            exchange.held.removeLast(exchange.held.count - exchange.headLength)
        }
    }
}
