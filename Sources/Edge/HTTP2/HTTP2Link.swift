import HTTP2
import NIOCore
import TLS

/// Moves the bytes of one HTTP/2 session between it and its TLS connection.
///
/// Frames are collected once per round of the event loop, so that what many streams say leaves in few records.
final class HTTP2Link: TLSApplication {
    let loop: EdgeLoop
    let session: HTTP2Session
    private var tls: TLSConnection?
    /// Until the connection is closed.
    private var owner: (any HTTP2LinkOwner)?
    private var isDue = false
    private var isClosing = false

    init(loop: EdgeLoop, tls: TLSConnection, session: HTTP2Session, owner: any HTTP2LinkOwner) {
        self.loop = loop
        self.tls = tls
        self.session = session
        self.owner = owner
    }

    /// Whether the socket takes more.
    var isWritable: Bool { tls?.isWritable ?? false }
    /// Bytes that the peer has taken.
    var bytesTaken: UInt64 { tls?.bytesTaken ?? 0 }
    var isOpen: Bool { tls != nil && !isClosing }

    /// Has what the session wants to say sent at the end of this round.
    func due() {
        guard !isDue else { return }
        isDue = true
        loop.atEndOfRound(self)
    }

    /// Sends what the session wants to say, as far as the socket takes it.
    func produce() {
        isDue = false
        guard let tls else { return }
        owner?.linkWrites()
        var frames: [UInt8] = []
        swap(&frames, &loop.frames)
        while session.wantsToSend, tls.isWritable, !tls.isClosed {
            session.produce(into: &frames, room: HTTP2Link.room)
            guard !frames.isEmpty else { break }
            tls.write(frames.span.bytes)
            frames.removeAll(keepingCapacity: true)
            tls.flush()
        }
        swap(&frames, &loop.frames)
        if session.isFinished || isClosing && !session.wantsToSend { tls.close() }
    }

    /// Says what is left to say, and closes.
    func close() {
        isClosing = true
        due()
    }

    func abort() {
        isClosing = true
        tls?.abort()
    }

    // MARK: TLSApplication

    func connectionReady() {}

    func received(_ bytes: RawSpan) {
        loop.lookAtClock()
        owner?.linkHeard()
        if case .failed(let fault) = session.receive(bytes) {
            isClosing = true
            owner?.linkFailed(fault)
        }
    }

    func readCompleted() {
        loop.settle()
        due()
    }

    func inputEnded(_ ending: InputEnding) {
        close()
    }

    func writabilityChanged() {
        if tls?.isWritable == true { due() }
    }

    func connectionClosed(_ reason: ClosingReason) {
        loop.lookAtClock()
        tls = nil
        isClosing = true
        session.finish()
        owner?.linkClosed(reason)
        owner = nil
        loop.settle()
    }

    /// How much is collected for one write.
    private static let room = 4 * TLSRecord.plaintextLimit
}

/// Whose session it is.
protocol HTTP2LinkOwner: AnyObject {
    /// Bytes came in.
    func linkHeard()
    /// What has come together in this round leaves.
    func linkWrites()
    /// The peer broke the protocol; the connection closes once that is said.
    func linkFailed(_ fault: HTTP2Fault)
    /// The last call. Every stream has been told before.
    func linkClosed(_ reason: ClosingReason)
}
