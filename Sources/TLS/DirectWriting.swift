import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// A socket that is written to without the channel's queue in between.
///
/// Nearly every write is taken by the kernel at once; the queue that NIO would put it into first costs some 6 % of a
/// small request. What the kernel does not take goes the ordinary way, and until that is out everything does.
struct DirectWriting {
    private var socket: (any NIOTransportAccessibleChannelCore<NIOBSDSocket.Handle>)?
    /// Writes that the channel has not finished; nothing may overtake them.
    private(set) var queued = 0

    /// For a channel without a socket (one in a test) everything goes the ordinary way.
    mutating func attach(to channel: any Channel) {
        try? channel.syncOptions?.setOption(.writeBufferWaterMark, value: DirectWriting.queueMarks)
        socket = channel._channelCore as? any NIOTransportAccessibleChannelCore<NIOBSDSocket.Handle>
    }

    mutating func detach() {
        socket = nil
    }

    /// How many bytes the kernel took. An error counts as none: the channel will meet it, too, and knows what to do.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard queued == 0, let socket else { return 0 }
        // The channel refuses when its socket is closed, so that no other connection's descriptor is meant.
        let sent = try? socket.withUnsafeTransport { descriptor in
            send(
                descriptor, bytes.baseAddress, bytes.count, CInt(truncatingIfNeeded: MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        return max(0, sent ?? 0)
    }

    /// What the kernel holds for the peer, sent or not.
    var unacknowledged: Int {
        var count: CInt = 0
        _ = try? socket?.withUnsafeTransport { ioctl($0, UInt(TIOCOUTQ), &count) }
        return Int(max(0, count))
    }

    mutating func channelTook() {
        queued += 1
    }

    mutating func channelFinished() {
        queued -= 1
    }

    /// Anything queued is what the kernel's full buffer did not take, and that buffer keeps the peer busy for long enough:
    /// more in the queue would only be memory that each stalled connection takes.
    private static let queueMarks = ChannelOptions.Types.WriteBufferWaterMark(low: 1, high: 4096)
}
