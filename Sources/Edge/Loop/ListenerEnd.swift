import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Closes a listener so that nobody who was let in is reset.
///
/// A closing listener resets whoever is half way through its TCP handshake or not accepted yet. So for a moment the
/// kernel is told to overlook whoever knocks (a SYN): they knock again a second later, and meet another process that
/// shares the port, or nobody. Those who had knocked before are accepted meanwhile.
enum ListenerEnd {
    static func close(_ listener: any Channel) async {
        let isOverlooking = try? await listener.eventLoop.submit { try overlookNewcomers(listener) }.get()
        if isOverlooking == true { try? await Task.sleep(for: longestRoundTrip) }
        try? await listener.close().get()
    }

    /// A handshake that takes longer than this is reset after all.
    private static let longestRoundTrip = Duration.milliseconds(250)

    /// Returns whether the kernel does it. Connections that come of this listener inherit the filter; a SYN on one of
    /// them means nothing.
    private static func overlookNewcomers(_ listener: any Channel) throws -> Bool {
        try listener.pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            var instructions = withoutSYN
            return instructions.withUnsafeMutableBufferPointer { buffer in
                var program = FilterProgram(count: UInt16(buffer.count), instructions: buffer.baseAddress)
                let size = socklen_t(MemoryLayout<FilterProgram>.size)
                return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, size) == 0
            }
        } ?? false
    }

    /// Drops a segment that has SYN and not ACK among its flags, the byte at 13 of a TCP header (RFC 9293, section 3.1).
    private static let withoutSYN = [
        FilterInstruction(code: 0x30, ifTrue: 0, ifFalse: 0, operand: 13),
        FilterInstruction(code: 0x54, ifTrue: 0, ifFalse: 0, operand: 0x12),
        FilterInstruction(code: 0x15, ifTrue: 0, ifFalse: 1, operand: 0x02),
        FilterInstruction(code: 0x06, ifTrue: 0, ifFalse: 0, operand: 0),
        FilterInstruction(code: 0x06, ifTrue: 0, ifFalse: 0, operand: .max),
    ]
}

/// Linux's `struct sock_filter`, of a header that Swift's C library module leaves out.
private struct FilterInstruction {
    var code: UInt16
    var ifTrue: UInt8
    var ifFalse: UInt8
    var operand: UInt32
}

/// Linux's `struct sock_fprog`. The kernel copies what it points to within the call.
private struct FilterProgram {
    var count: UInt16
    var instructions: UnsafeMutablePointer<FilterInstruction>?
}
