import CNghttp2

/// One HTTP/2 connection without a socket: bytes in, events out, and bytes out. Either side.
///
/// Used from one thread. Calls from inside an event are fine, except ``receive(_:)`` and ``produce(into:room:)``.
/// The session holds its delegate and the handlers until ``finish()`` or until their streams are over.
public final class HTTP2Session {
    public enum Side: Sendable {
        case server, client
    }

    public var delegate: (any HTTP2SessionDelegate)?
    let side: Side
    let settings: HTTP2Settings
    /// Null only when there was no memory for it, or once finished; nothing happens then.
    private(set) var raw: OpaquePointer?
    private(set) var streams: [Int32: HTTP2Stream] = [:]
    private var latest: HTTP2Stream?
    /// Where frames are collected during ``produce(into:room:)``.
    var output: [UInt8] = []
    var outputLimit = 0
    var requestBlocks = RequestBlocks()
    /// The header block that is being received.
    var block = FieldBlock()
    var patience: Patience
    /// Whether the DATA that is being received has brought something.
    var frameHadData = false
    var fault: HTTP2Fault?
    private var isOver = false
    private var isGoingAway = false

    public init(side: Side, settings: HTTP2Settings) {
        self.side = side
        self.settings = settings
        patience = Patience(settings)
        raw = SessionCallbacks.make(for: self)
        sendSettings()
    }

    deinit {
        nghttp2_session_del(raw)
    }

    public var openStreams: Int { streams.count }

    /// Streams that the peer lets us have open at once.
    public var peerMaxConcurrentStreams: Int {
        guard let raw else { return 0 }
        return Int(nghttp2_session_get_remote_settings(raw, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    /// No streams are opened any more, since one side said so.
    public var isDraining: Bool {
        guard let raw, !isOver else { return true }
        return isGoingAway || side == .client && nghttp2_session_check_request_allowed(raw) == 0
    }

    public var wantsToSend: Bool {
        raw.map { nghttp2_session_want_write($0) != 0 } ?? false
    }

    /// Neither side has anything left to say.
    public var isFinished: Bool {
        guard let raw else { return true }
        return nghttp2_session_want_read(raw) == 0 && nghttp2_session_want_write(raw) == 0
    }

    /// Reads bytes of the peer.
    public func receive(_ bytes: RawSpan) -> HTTP2Progress {
        guard let raw, fault == nil, !isOver else { return fault.map { .failed($0) } ?? .goesOn }
        let taken = bytes.withUnsafeBytes {
            nghttp2_session_mem_recv(raw, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)
        }
        // Resets count when they go out, and the peer may have sent nothing since that counts.
        fault = fault ?? patience.fault
        guard taken < 0 || fault != nil else { return .goesOn }
        let reason = fault ?? .protocolError(String(cString: nghttp2_strerror(Int32(truncatingIfNeeded: taken))))
        fault = reason
        nghttp2_session_terminate_session(raw, reason.code.rawValue)
        return .failed(reason)
    }

    /// Appends frames until nothing is left to send or about `room` bytes are there.
    public func produce(into out: inout [UInt8], room: Int) {
        guard let raw else { return }
        swap(&out, &output)
        defer { swap(&out, &output) }
        outputLimit = output.count + room
        while output.count < outputLimit {
            var bytes: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(raw, &bytes)
            guard count > 0 else { break }
            // Valid until the next call into nghttp2.
            append(frame: UnsafeBufferPointer(start: bytes, count: count))
        }
    }

    /// Tells every open stream that it is over. The last call; the connection is gone.
    public func finish() {
        isOver = true
        delegate = nil
        for stream in Array(streams.values) {
            closed(stream, error: .cancel, wasProcessed: side == .server || stream.isHeadSent)
        }
    }

    /// Asks the peer whether it is alive.
    public func ping() {
        guard let raw, !isOver else { return }
        nghttp2_submit_ping(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
    }

    /// Asks the peer to open no more streams; those on their way are still served.
    public func announceShutdown() {
        guard let raw, !isOver else { return }
        nghttp2_submit_shutdown_notice(raw)
    }

    /// No stream is accepted any more.
    public func goAway(_ error: HTTP2ErrorCode) {
        guard let raw, !isOver, !isGoingAway else { return }
        isGoingAway = true
        let last = nghttp2_session_get_last_proc_stream_id(raw)
        nghttp2_submit_goaway(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, error.rawValue, nil, 0)
    }

    // MARK: Streams

    /// What happens to one stream often comes in a row.
    func stream(_ id: Int32) -> HTTP2Stream? {
        if let latest, latest.id == id { return latest }
        latest = streams[id]
        return latest
    }

    func open(_ id: Int32) -> HTTP2Stream {
        let stream = HTTP2Stream(id: id, session: self)
        streams[id] = stream
        return stream
    }

    /// Takes a stream off, and tells its handler.
    func closed(_ stream: HTTP2Stream, error: HTTP2ErrorCode, wasProcessed: Bool) {
        streams[stream.id] = nil
        latest = nil
        stream.session = nil
        guard let handler = stream.handler else { return }
        stream.handler = nil
        handler.closed(stream, error: error, wasProcessed: wasProcessed)
    }

    private func sendSettings() {
        guard let raw else { return }
        var entries = [
            nghttp2_settings_entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.concurrentStreams),
            nghttp2_settings_entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.streamWindow),
            nghttp2_settings_entry(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, settings.frameSize),
            nghttp2_settings_entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.headerBytes),
        ]
        if side == .client { entries.append(nghttp2_settings_entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0)) }
        nghttp2_submit_settings(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
        let window = Int32(clamping: settings.connectionWindow)
        nghttp2_session_set_local_window_size(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, window)
    }
}

extension nghttp2_settings_entry {
    fileprivate init(_ setting: nghttp2_settings_id, _ value: Int) {
        self.init(settings_id: Int32(setting.rawValue), value: UInt32(clamping: value))
    }
}

extension HTTP2Fault {
    fileprivate var code: HTTP2ErrorCode {
        switch self {
        case .protocolError: .protocolError
        case .idleFrames, .headers, .resets: .enhanceYourCalm
        }
    }
}
