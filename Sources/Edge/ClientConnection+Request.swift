import Gate
import NIOCore
import TLS
import Wire

/// Reading a request.
extension ClientConnection {
    func receiveHead(_ bytes: RawSpan) {
        guard !input.isEmpty else { return parseHead(bytes) }
        bytes.withUnsafeBytes { input.append(contentsOf: $0) }
        consumeInput()
    }

    /// Goes on with what is in `input`.
    func consumeInput() {
        guard !input.isEmpty else { return }
        var taken: [UInt8] = []
        swap(&taken, &input)
        switch phase {
        case .reading: parseHead(taken.span.bytes)
        case .exchanging: receiveBody(taken.span.bytes)
        case .lingering, .closed: break
        }
        loop.giveBack(&taken)
    }

    func keep(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        if input.isEmpty { input = loop.takeBuffer() }
        bytes.withUnsafeBytes { input.append(contentsOf: $0) }
    }

    private func parseHead(_ bytes: RawSpan) {
        switch loop.requestHead.parse(bytes, limits: loop.shared.headLimits) {
        case .incomplete: keep(bytes)
        case .complete(let length):
            begin(bytes.extracting(0..<length))
            receiveBody(bytes.extracting(length..<bytes.byteCount))
        case .invalid(let error):
            startExchange()
            exchange.keepsAlive = false
            refuse(.malformed(status: error.status, explanation: error.explanation))
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

    private func startExchange() {
        phase = .exchanging
        let machine = RequestMachine(asker: .program, foreignBearers: .refuse)
        exchange.reset(serial: loop.nextSerial(), machine: machine, at: now)
        if exchange.held.capacity == 0 { exchange.held = loop.takeBuffer() }
        exchange.headLength = 0
        exchange.path = Slice.empty
        exchange.methodName = Slice.empty
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
            case .length(let length): .length(remaining: length)
            case .chunked: .chunked(ChunkedDecoder())
            }
    }

    /// Takes body bytes as far as they belong to this request; the rest belongs to the next one and waits.
    func receiveBody(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        guard case .exchanging = phase, !isWaiting else { return keep(bytes) }
        switch exchange.body {
        case .complete: waitBehindExchange(bytes)
        case .length(let remaining): receiveCounted(bytes, remaining)
        case .chunked(var decoder): receiveChunks(bytes, &decoder)
        }
    }

    private func receiveCounted(_ bytes: RawSpan, _ remaining: UInt64) {
        let count = Int(min(remaining, UInt64(bytes.byteCount)))
        let left = remaining - UInt64(count)
        exchange.body = left == 0 ? .complete : .length(remaining: left)
        take(bytes.extracting(0..<count))
        if left == 0 { bodyCompleted() }
        waitBehindExchange(bytes.extracting(count..<bytes.byteCount))
    }

    private func receiveChunks(_ bytes: RawSpan, _ decoder: inout ChunkedDecoder) {
        var offset = 0
        while case .exchanging = phase {
            switch decoder.next(bytes, from: offset) {
            case .data(let range):
                take(bytes.extracting(range))
                offset = range.upperBound
            case .needMore:
                exchange.body = .chunked(decoder)
                return
            case .end(let consumed):
                exchange.body = .complete
                bodyCompleted()
                return waitBehindExchange(bytes.extracting(consumed..<bytes.byteCount))
            case .invalid(let error):
                return refuseMidway("The chunked body is malformed (\(error.rawValue)).")
            }
        }
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

    /// A pipelined request waits for its turn, and the socket with it.
    private func waitBehindExchange(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        keep(bytes)
        tls?.pauseReading()
    }

    private func take(_ piece: RawSpan) {
        guard piece.byteCount > 0 else { return }
        exchange.bytesIn += UInt64(piece.byteCount)
        hold(piece)
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
