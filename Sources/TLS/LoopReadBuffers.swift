import NIOCore

/// Lets all channels of a loop read into one buffer, where NIO would keep one for each.
///
/// NIO keeps a channel's first buffer for good, so that one is small. It keeps no other when a channel makes one read
/// at a time and ``record(actualReadBytes:)`` denies that the last buffer would do again.
/// Unchecked because a channel calls it on its event loop only, which is where the ``TLSLoop`` belongs.
struct LoopReadBuffers: RecvByteBufferAllocator, @unchecked Sendable {
    let loop: TLSLoop
    private var isFirst = true

    init(loop: TLSLoop) {
        self.loop = loop
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        isFirst ? allocator.buffer(capacity: 16) : loop.takeReadBuffer()
    }

    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        return true
    }

    static func install(on channel: any Channel, loop: TLSLoop) {
        // A channel without these options (one in a test) manages without.
        guard let options = channel.syncOptions else { return }
        try? options.setOption(.maxMessagesPerRead, value: 1)
        try? options.setOption(.recvAllocator, value: LoopReadBuffers(loop: loop))
    }
}
