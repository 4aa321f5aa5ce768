import Wire

/// Reading the answer: its heads, then its body in whatever framing it has.
extension UpstreamConnection {
    func receiveHead(_ bytes: RawSpan) {
        guard !input.isEmpty else { return parseHeads(bytes) }
        bytes.withUnsafeBytes { input.append(contentsOf: $0) }
        var whole: [UInt8] = []
        swap(&whole, &input)
        parseHeads(whole.span.bytes)
        loop.giveBack(&whole)
    }

    /// Interim answers go on as they come; the final head begins the body.
    private func parseHeads(_ bytes: RawSpan) {
        var rest = bytes
        while true {
            let (limits, known) = (loop.shared.headLimits, examined)
            examined = 0
            switch loop.responseHead.parse(
                rest, limits: limits, requestMethod: exchange?.method ?? .get,
                mayUpgrade: exchange?.isUpgrade == true, examined: known)
            {
            case .incomplete:
                examined = rest.byteCount
                return keep(rest)
            case .invalid:
                return refuseAnswer()
            case .complete(let length):
                let head = rest.extracting(0..<length)
                rest = rest.extracting(length..<rest.byteCount)
                if loop.responseHead.switchesProtocols { return openTunnel(head, then: rest) }
                guard loop.responseHead.isInformational else { return begin(head, then: rest) }
                exchange?.informed(head)
            }
        }
    }

    /// The connection is the workspace's end of a tunnel from here on.
    private func openTunnel(_ head: RawSpan, then rest: RawSpan) {
        guard let exchange, let tls else { return }
        self.exchange = nil
        guard exchange.switched(head), let client = exchange.client?.leaveForTunnel(head) else { return abort() }
        phase = .closed
        self.tls = nil
        Tunnel(exchange, client: client, upstream: TunnelEntrance(tls: tls, bytes: rest.withUnsafeBytes { Array($0) }))
            .start()
    }

    private func keep(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        input = loop.takeBuffer()
        bytes.withUnsafeBytes { input.append(contentsOf: $0) }
    }

    private func refuseAnswer() {
        let asking = exchange
        exchange = nil
        abort()
        asking?.upstreamFailed(.nonsense, because: .closed)
    }

    private func begin(_ head: RawSpan, then body: RawSpan) {
        keepsAlive = loop.responseHead.keepsAlive
        let framing = loop.responseHead.framing
        exchange?.answered(head)
        // The exchange may have turned away from this answer to ask again with a newer token.
        guard exchange != nil else { return }
        switch framing {
        case .none: ended(leftover: body.byteCount > 0)
        case .length(let length):
            reader = .length(BodyMeter(length: length))
            receiveBody(body)
        case .chunked:
            reader = .chunked(ChunkedDecoder())
            receiveBody(body)
        case .untilClose:
            reader = .untilClose
            receiveBody(body)
        }
    }

    func receiveBody(_ bytes: RawSpan) {
        switch reader {
        case .head: break
        case .length(var meter): receiveCounted(bytes, &meter)
        case .chunked(var decoder):
            reader = .untilClose  // The decoder is moved out, not copied.
            receiveChunks(bytes, &decoder)
        case .untilClose:
            if bytes.byteCount > 0 { exchange?.answerContinues(bytes) }
        }
    }

    private func receiveCounted(_ bytes: RawSpan, _ meter: inout BodyMeter) {
        let count = meter.take(bytes.byteCount)
        if count > 0 { exchange?.answerContinues(bytes.extracting(0..<count)) }
        guard exchange != nil else { return }
        reader = .length(meter)
        if meter.isComplete { ended(leftover: bytes.byteCount > count) }
    }

    private func receiveChunks(_ bytes: RawSpan, _ decoder: inout ChunkedDecoder) {
        var offset = 0
        while exchange != nil {
            switch decoder.next(bytes, from: offset) {
            case .data(let range):
                exchange?.answerContinues(bytes.extracting(range))
                offset = range.upperBound
            case .needMore:
                reader = .chunked(decoder)
                return
            case .end(let consumed):
                return ended(leftover: bytes.byteCount > consumed)
            case .invalid:
                return refuseAnswer()
            }
        }
    }

    /// The answer is complete. The connection goes back before anything is flushed, for a flush may close it.
    func ended(leftover: Bool) {
        guard let exchange else { return }
        self.exchange = nil
        let isReusable = keepsAlive && !leftover && exchange.requestIsComplete && tls?.isClosed == false
        exchange.answerEnded()
        // What is held back behind the answer nobody asked for: the next request would take it for its own answer.
        guard isReusable, tls?.holdsBack == false else { return close() }
        // The last piece may have filled the client, which resumes only what it still waits for.
        tls?.resumeReading()
        phase = .idle
        reader = .head
        isReused = true
        idleSince = loop.now
        upstreams.pool.put(self)
    }
}
