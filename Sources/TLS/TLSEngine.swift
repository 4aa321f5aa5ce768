import COpenSSL
import NIOCore

/// One TLS session without a socket: ciphertext is lent to it, and what it produces gathers in a buffer.
final class TLSEngine {
    enum Step {
        case done
        case needsInput
        case failed
    }

    enum Reading {
        case bytes(Int)
        case needsInput
        case closeNotify
        case failed
    }

    let context: TLSContext
    /// Where tickets of this session are kept, on the client's side.
    let sessionKey: ResumptionCache.Key?
    /// What was wrong with the peer's certificate.
    var certificateFault: String?
    private let loop: TLSLoop
    /// Null only when OpenSSL had no memory for it; every step fails then.
    private(set) var ssl: OpaquePointer?
    /// Ciphertext lent by the caller for the time of one ``lend(_:_:)``.
    private var input: UnsafeRawPointer?
    private(set) var inputLeft = 0
    private(set) var output: ByteBuffer?

    init(context: TLSContext, loop: TLSLoop, sessionKey: ResumptionCache.Key?) {
        self.context = context
        self.loop = loop
        self.sessionKey = sessionKey
        OpenSSLErrors.clear()
        guard let ssl = SSL_new(context.raw) else { return }
        guard loop.bio.attach(to: ssl) else {
            SSL_free(ssl)
            return
        }
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
        self.ssl = ssl
    }

    deinit {
        // OpenSSL would give up a session whose connection ended without a word; TLS 1.1 and later do not ask for that
        // (RFC 4346, section 7.2.1). One that failed is given up when it fails.
        if let ssl { SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
        SSL_free(ssl)
    }

    /// Every later step fails.
    func giveUp() {
        SSL_free(ssl)
        ssl = nil
    }

    static func of(_ ssl: OpaquePointer?) -> TLSEngine? {
        guard let pointer = SSL_get_ex_data(ssl, 0) else { return nil }
        return Unmanaged<TLSEngine>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Lends ciphertext for the duration of the call; returns how much of it was taken.
    @inline(__always)
    func lend(_ bytes: UnsafeRawBufferPointer, _ body: () -> Void) -> Int {
        input = bytes.baseAddress
        inputLeft = bytes.count
        body()
        let taken = bytes.count - inputLeft
        input = nil
        inputLeft = 0
        return taken
    }

    @inline(__always)
    private func begin() {
        OpenSSLErrors.clear()
        loop.bio.work(for: self)
    }

    func handshake() -> Step {
        guard let ssl else { return .failed }
        begin()
        let result = SSL_do_handshake(ssl)
        if result == 1 { return .done }
        return SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ ? .needsInput : .failed
    }

    /// Decrypts at most one record.
    func read(into room: UnsafeMutableRawPointer) -> Reading {
        guard let ssl else { return .failed }
        begin()
        var count = 0
        let result = SSL_read_ex(ssl, room, TLSLoop.plaintextSize, &count)
        if result == 1 { return .bytes(count) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .needsInput
        case SSL_ERROR_ZERO_RETURN: return .closeNotify
        default: return .failed
        }
    }

    /// Whether records or parts of one are inside OpenSSL, where the event loop cannot see them.
    var hasPending: Bool {
        SSL_has_pending(ssl) == 1
    }

    /// Encrypts all of the bytes into the output. Fails only when the session has failed before.
    func write(_ bytes: UnsafeRawBufferPointer) -> Step {
        guard let ssl else { return .failed }
        guard bytes.count > 0 else { return .done }
        begin()
        var count = 0
        return SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count) == 1 ? .done : .failed
    }

    /// Puts close_notify into the output. Not for a session that has failed (OpenSSL forbids it) or is not set up yet.
    func sayClose() {
        begin()
        if SSL_is_init_finished(ssl) == 1 { SSL_shutdown(ssl) }
        OpenSSLErrors.clear()
    }

    /// Gives the gathered output away. A later write starts another buffer, whatever happens inside the caller's flush.
    @inline(__always)
    func takeOutput() -> ByteBuffer? {
        let taken = output
        output = nil
        return taken
    }
}

// What the BIO calls, from inside the calls above.
extension TLSEngine {
    @inline(__always)
    func takeInput(into room: UnsafeMutableRawPointer, atMost limit: Int) -> Int {
        guard let start = input else { return 0 }
        let count = min(limit, inputLeft)
        room.copyMemory(from: start, byteCount: count)
        input = start + count
        inputLeft -= count
        return count
    }

    @inline(__always)
    func appendOutput(_ bytes: UnsafeRawBufferPointer) {
        if output == nil { output = loop.takeBuffer() }
        output?.writeBytes(bytes)
    }
}
