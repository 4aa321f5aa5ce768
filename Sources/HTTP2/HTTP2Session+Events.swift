import CNghttp2

// What nghttp2 tells.
extension HTTP2Session {
    func headersBegan(_ id: Int32, isRequest: Bool) {
        block.begin()
        if isRequest, side == .server, stream(id) == nil { delegate?.streamOpened(open(id)) }
    }

    /// `false` ends the connection.
    func field(name: RawSpan, value: RawSpan) -> Bool {
        if block.add(name, value, settings) { return true }
        fault = .headers
        return false
    }

    func frameReceived(_ header: nghttp2_frame_hd) {
        let endsStream = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        let isAnswer = header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
        switch nghttp2_frame_type(UInt32(header.type)) {
        case NGHTTP2_HEADERS: headersEnded(header.stream_id, endsStream)
        case NGHTTP2_DATA: dataEnded(header.stream_id, endsStream)
        case NGHTTP2_GOAWAY: delegate?.goAwayReceived()
        case NGHTTP2_PING where isAnswer: delegate?.pingAcknowledged()
        case NGHTTP2_SETTINGS where isAnswer: break
        case NGHTTP2_SETTINGS:
            patience.idleFrame()
            delegate?.settingsReceived()
        default: patience.idleFrame()
        }
        if let exhausted = patience.fault { fault = fault ?? exhausted }
    }

    private func headersEnded(_ id: Int32, _ endsStream: Bool) {
        patience.progress()
        guard let stream = stream(id) else { return }
        // Taken away for the call, in which the session may be asked for anything.
        var received = FieldBlock()
        swap(&received, &block)
        stream.handler?.fields(stream, received, endsStream: endsStream)
        swap(&received, &block)
        if endsStream { inputEnded(id) }
    }

    /// Nothing but padding is as good as empty.
    private func dataEnded(_ id: Int32, _ endsStream: Bool) {
        if !frameHadData { patience.idleFrame() }
        frameHadData = false
        if endsStream { inputEnded(id) }
    }

    private func inputEnded(_ id: Int32) {
        patience.progress()
        if let stream = stream(id) { stream.handler?.inputEnded(stream) }
    }

    func dataReceived(_ id: Int32, _ bytes: RawSpan) {
        patience.progress()
        frameHadData = true
        guard let stream = stream(id), let handler = stream.handler else { return }
        handler.data(stream, bytes)
    }

    func streamClosed(_ id: Int32, _ code: HTTP2ErrorCode) {
        guard let stream = stream(id) else { return }
        if code == .noError { patience.streamEndedWell() }
        let wasRefused = code == .refusedStream || !stream.isHeadSent && side == .client
        closed(stream, error: code, wasProcessed: !wasRefused)
    }

    func frameSent(_ header: nghttp2_frame_hd, code: HTTP2ErrorCode) {
        switch nghttp2_frame_type(UInt32(header.type)) {
        case NGHTTP2_HEADERS:
            patience.progress()
            stream(header.stream_id)?.isHeadSent = true
        case NGHTTP2_RST_STREAM where code.blamesPeer: patience.resetForced()
        default: break
        }
    }

    /// How nghttp2 ends a body; trailers are submitted at this moment.
    func endFlags(of stream: HTTP2Stream) -> UInt32 {
        let end = NGHTTP2_DATA_FLAG_EOF.rawValue
        guard let raw, stream.trailers != nil else { return end }
        let outcome = stream.withTrailers { nghttp2_submit_trailer(raw, stream.id, $0, $1) }
        return outcome == 0 ? end | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue : end
    }

    func sendBody(of id: Int32, _ count: Int) {
        guard let stream = stream(id) else { return }
        patience.progress()
        stream.outbox.move(count, to: &output)
        stream.wentOut()
    }
}

extension HTTP2ErrorCode {
    /// Whether we reset a stream with it because of what the peer did.
    fileprivate var blamesPeer: Bool {
        self == .protocolError || self == .flowControlError || self == .streamClosed
    }
}
