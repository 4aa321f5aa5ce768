import COpenSSL
import NIOCore

/// One TLS connection on a NIO channel, either side: the only handler of its pipeline.
///
/// Used on its channel's event loop only. The channel should have `allowRemoteHalfClosure` set, lest what a paused
/// connection still holds is lost when the peer closes, and TCP_NODELAY, lest small answers wait for an ACK.
/// It holds the application strongly until ``TLSApplication/connectionClosed(_:)``.
public final class TLSConnection {
    public let eventLoop: any EventLoop
    let engine: TLSEngine
    let loop: TLSLoop
    let side: Side
    let handshakeTimeout: TimeAmount
    var application: (any TLSApplication)?
    var channelContext: ChannelHandlerContext?
    var state = State.handshaking
    var reading = ReadingState()
    var timer: Scheduled<Void>?
    var direct = DirectWriting()
    /// Ciphertext handed to the socket or to the channel's queue, bytes.
    var written: UInt64 = 0
    public internal(set) var isWritable = true

    enum Side {
        case server, client
    }

    enum State {
        case handshaking
        case open
        /// close_notify or an alert is on its way out, or the socket is gone.
        case closed
    }

    struct ReadingState {
        var isPaused = false
        /// The channel wanted to read while paused.
        var isWithheld = false
        /// The application has been told that no more comes.
        var hasEnded = false
        /// The socket has ended; what is kept comes first.
        var socketEnded = false
        /// Something was delivered since the last ``TLSApplication/readCompleted()``.
        var isIncomplete = false
        var isResumeScheduled = false
        /// Our half is closed, and what comes is discarded until the peer's is.
        var isLingering = false
        /// Ciphertext that came in before the pause took effect.
        var kept: ByteBuffer?
    }

    init(side: Side, engine: TLSEngine, loop: TLSLoop, application: any TLSApplication, timeout: TimeAmount) {
        self.eventLoop = loop.eventLoop
        self.engine = engine
        self.loop = loop
        self.side = side
        self.application = application
        self.handshakeTimeout = timeout
    }

    public static func server(
        context: TLSContext, loop: TLSLoop, application: any TLSApplication,
        handshakeTimeout: TimeAmount = .seconds(15)
    ) -> TLSConnection {
        let engine = TLSEngine(context: context, loop: loop, sessionKey: nil)
        engine.acceptAsServer()
        return TLSConnection(
            side: .server, engine: engine, loop: loop, application: application, timeout: handshakeTimeout)
    }

    /// `serverName` is the host name or IP address that the server must be certified for; with the port it also tells
    /// which earlier session may be taken up again.
    public static func client(
        context: TLSContext, serverName: String, port: Int, loop: TLSLoop, application: any TLSApplication,
        handshakeTimeout: TimeAmount = .seconds(15)
    ) -> TLSConnection {
        let key = ResumptionCache.Key(host: serverName, port: port)
        let engine = TLSEngine(context: context, loop: loop, sessionKey: key)
        engine.connectAsClient(to: key)
        return TLSConnection(
            side: .client, engine: engine, loop: loop, application: application, timeout: handshakeTimeout)
    }
}

// What the application calls.
extension TLSConnection {
    /// Whether the connection is closed or closing.
    public var isClosed: Bool { state == .closed }

    /// What ALPN chose, once the connection is ready.
    public var negotiatedProtocol: String? { engine.negotiatedProtocol }

    /// Whether ALPN chose HTTP/2 (RFC 9113, section 3.2), once the connection is ready.
    public var negotiatesHTTP2: Bool { engine.negotiatesHTTP2 }

    /// DNS names, e-mail addresses and URIs in the client's certificate, once the connection is ready: verified against the
    /// authority of ``TLSContext/server(certificateChainPath:privateKeyPath:applicationProtocols:isTLS13Only:clientAuthorityPath:ticketKeys:)``;
    /// none where that names none, and for a client without a certificate.
    public var clientNames: [String] { engine.context.asksForCertificates ? engine.clientNames : [] }

    /// The name the client asked for (SNI), once the connection is ready. Unchecked: what the client sent.
    public var serverName: String? { engine.serverName }

    /// Bytes of ciphertext that the peer's system has taken; no more than so many are on their way. Costs two system calls.
    public var bytesTaken: UInt64 {
        let queued = (try? channelContext?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let outstanding = UInt64(queued + direct.unacknowledged)
        return written > outstanding ? written - outstanding : 0
    }

    /// Whether reading is paused and more has come than was delivered.
    public var holdsBack: Bool {
        reading.isPaused && (reading.kept != nil || engine.inputLeft > 0 || engine.hasPending)
    }

    /// Whether an earlier session was taken up again, once the connection is ready.
    public var isResumed: Bool { engine.isResumed }

    /// As in "TLSv1.3".
    public var version: String { engine.version }

    /// As in "TLS_AES_128_GCM_SHA256".
    public var cipher: String { engine.cipher }

    /// Makes another application the one that is told from here on, and reads on if reading was paused: what was kept
    /// goes to the new one, after this call.
    ///
    /// For a connection that is ready; one that is closed calls nobody any more.
    public func handOver(to application: any TLSApplication) {
        guard state == .open else { return }
        self.application = application
        resumeReading()
    }

    /// Encrypts bytes behind what was written before. Nothing reaches the socket before ``flush()``.
    ///
    /// Ignored before the connection is ready and after it is closed.
    public func write(_ bytes: RawSpan) {
        guard state == .open else { return }
        guard bytes.withUnsafeBytes({ engine.write($0) }) == .done else { return abort() }
    }

    /// Hands everything written to the socket, in one write where possible. The application may be told of a closed
    /// connection inside this call.
    public func flush() {
        guard state != .closed else { return }
        flushOutput()
    }

    /// Flushes, says close_notify and closes the socket once that is out, or after 10 s if the peer does not take it.
    ///
    /// A server whose client is still sending discards that for up to 2 s, so that its last words arrive.
    /// The application may be told of the closed connection inside this call; it receives nothing more.
    public func close() {
        guard state != .closed else { return }
        if state == .open { engine.sayClose() }
        state = .closed
        closeOnceWritten(lingering: side == .server)
    }

    /// Closes the socket at once.
    public func abort() {
        state = .closed
        channelContext?.close(promise: nil)
    }

    /// Stops reading from the socket; at most what was already read is still delivered.
    public func pauseReading() {
        reading.isPaused = true
    }

    /// Takes reading up again. What was kept during the pause is delivered soon, not inside this call.
    public func resumeReading() {
        guard reading.isPaused else { return }
        reading.isPaused = false
        guard state != .closed else { return }
        if reading.kept != nil || reading.socketEnded {
            scheduleResume()
        } else if reading.isWithheld {
            reading.isWithheld = false
            channelContext?.read()
        }
    }
}
