import NIOCore

/// What all TLS connections of one event loop share: room to decrypt into, and buffers to encrypt into.
///
/// Make one per event loop and use it on that loop only. An idle connection holds none of this.
public final class TLSLoop {
    public let eventLoop: any EventLoop
    let bio = EngineBIO()
    private var plaintext: UnsafeMutableRawPointer?
    private var spares: [ByteBuffer] = []
    private var readBuffer: ByteBuffer?

    public init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        plaintext = TLSLoop.makePlaintext()
    }

    deinit {
        plaintext?.deallocate()
    }

    /// Takes the room for decrypted bytes away, so that a read inside a read gets its own.
    func takePlaintext() -> UnsafeMutableRawPointer {
        guard let room = plaintext else { return TLSLoop.makePlaintext() }
        plaintext = nil
        return room
    }

    func giveBackPlaintext(_ room: UnsafeMutableRawPointer) {
        guard plaintext == nil else { return room.deallocate() }
        plaintext = room
    }

    /// An empty buffer to encrypt into.
    func takeBuffer() -> ByteBuffer {
        guard var buffer = spares.popLast() else { return ByteBufferAllocator().buffer(capacity: TLSLoop.bufferSize) }
        buffer.clear()
        return buffer
    }

    /// Keeps what ``takeBuffer()`` gave.
    func giveBack(_ buffer: consuming ByteBuffer) {
        guard spares.count < TLSLoop.spareLimit, buffer.capacity <= TLSLoop.largestSpare else { return }
        spares.append(buffer)
    }

    /// Room for one read from a socket.
    func takeReadBuffer() -> ByteBuffer {
        guard var buffer = readBuffer else { return ByteBufferAllocator().buffer(capacity: TLSLoop.readSize) }
        readBuffer = nil
        buffer.clear()
        return buffer
    }

    /// Keeps what ``takeReadBuffer()`` gave. Other buffers pass by.
    func giveBackReadBuffer(_ buffer: consuming ByteBuffer) {
        guard readBuffer == nil, buffer.capacity == TLSLoop.readSize else { return }
        readBuffer = buffer
    }

    private static func makePlaintext() -> UnsafeMutableRawPointer {
        .allocate(byteCount: plaintextSize, alignment: 16)
    }

    /// One record's plaintext at its largest (RFC 8446, section 5.1).
    static let plaintextSize = 16384
    /// One full record and its framing, with room for an alert beside it.
    private static let bufferSize = 16384 + 512
    private static let spareLimit = 4
    private static let largestSpare = 128 * 1024
    /// Four full records; what one read brings is also what a pause may leave undelivered.
    private static let readSize = 64 * 1024
}
