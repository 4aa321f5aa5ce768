import NIOCore
import TLS
import Wire

/// The way of a request to the workspace.
extension UpstreamConnection: UpstreamSide {
    var isWritable: Bool { tls?.isWritable ?? false }

    func begin(_ exchange: Exchange, head: RawSpan) {
        self.exchange = exchange
        examined = 0
        phase = .exchanging
        reader = .head
        loop.staging.open(for: tls)
        loop.requestHead.writeForwarded(from: head, as: loop.forwarding, into: &loop.staging.bytes)
        unsettle()
    }

    func send(_ piece: RawSpan) {
        loop.staging.add(piece, inChunks: exchange?.framing == .chunked, for: tls)
        unsettle()
    }

    func endRequest(trailers: RawSpan) {
        guard exchange?.framing == .chunked else { return }
        loop.staging.open(for: tls)
        ChunkWriting.finish(trailers: trailers, in: &loop.staging.bytes)
        unsettle()
    }

    func pauseAnswer() {
        tls?.pauseReading()
    }

    func resumeAnswer() {
        tls?.resumeReading()
    }

    func abandon() {
        exchange = nil
        if phase == .exchanging { abort() }
    }
}

extension UpstreamConnection: Unsettled {
    /// Has the loop flush this connection when the event is over.
    private func unsettle() {
        guard !isUnsettled else { return }
        isUnsettled = true
        loop.unsettled.append(self)
    }

    func settle() {
        isUnsettled = false
        loop.staging.release(for: tls)
        tls?.flush()
        if tls?.isWritable == false { exchange?.upstreamIsFull() }
    }
}
