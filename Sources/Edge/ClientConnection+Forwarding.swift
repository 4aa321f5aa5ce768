import Gate
import NIOCore
import TLS
import Wire

/// The way of a request to its workspace.
extension ClientConnection {
    /// Sends the request on a pooled connection, or waits for one to be made.
    func forward(_ permit: consuming Permit) {
        if let upstream = loop.pools[exchange.workspace].take() {
            send(on: upstream, with: permit)
        } else {
            exchange.permit = consume permit
            wait()
            let upstream = UpstreamConnection(loop: loop, workspace: exchange.workspace, client: self)
            exchange.upstream = upstream
            upstream.connect()
        }
    }

    func upstreamReady(_ upstream: UpstreamConnection) {
        guard case .exchanging = phase, let permit = exchange.permit.take() else {
            return loop.pools[exchange.workspace].put(upstream)
        }
        isWaiting = false
        send(on: upstream, with: permit)
        goOn()
    }

    /// An attempt is over without a complete answer.
    func upstreamFailed(_ failure: UpstreamFailure, because reason: ClosingReason) {
        exchange.upstream = nil
        exchange.permit = nil
        isWaiting = false
        guard case .exchanging = phase else { return }
        switch exchange.answer {
        case .begun: return giveUp(.upstreamFailed)
        case .complete: return
        case .none, .judging: break
        }
        exchange.answer = .none
        loop.shared.report(failure, reason, workspace: exchange.workspace)
        perform(exchange.machine.failed(failure, exchange.replayability))
        goOn()
    }

    func upstreamWritabilityChanged() {
        if exchange.upstream?.isWritable == true, !isWaiting { tls?.resumeReading() }
    }

    /// Stops reading from the client while the workspace takes no more.
    func pauseWhileUpstreamIsFull() {
        guard let upstream = exchange.upstream, !upstream.isWritable, !exchange.body.isComplete else { return }
        tls?.pauseReading()
    }

    /// Holds everything the client sends until the exchange can go on.
    func wait() {
        isWaiting = true
        tls?.pauseReading()
    }

    /// Takes up what arrived while the exchange waited.
    func goOn() {
        // While consuming, the loop that does it goes on by itself.
        guard !isWaiting, !isConsuming else { return }
        if case .closed = phase { return }
        tls?.resumeReading()
        consumeInput()
        releaseRequest()
        exchange.upstream?.flush()
    }

    // MARK: Bytes

    private func send(on upstream: UpstreamConnection, with permit: consuming Permit) {
        exchange.upstream = upstream
        exchange.sentAt = now
        upstreamLastHeard = now
        upstream.begin(for: self, method: exchange.method)
        parseHeadAgain()
        writeHead(as: permit.identity)
        let body = exchange.held.count - exchange.headLength
        if body > 0 { sendHeldBody() }
        if exchange.framing == .chunked, exchange.body.isComplete {
            ChunkWriting.finish(in: &loop.requestStaging.bytes)
        }
    }

    /// The loop's parser may have seen other heads since this one.
    func parseHeadAgain() {
        guard exchange.headLength > 0, loop.requestHeadOwner != exchange.serial else { return }
        _ = loop.requestHead.parse(exchange.held.span.bytes, limits: loop.shared.headLimits)
        loop.requestHeadOwner = exchange.serial
    }

    private func writeHead(as identity: Identity) {
        let held = exchange.held
        let head = held.span.bytes.extracting(0..<exchange.headLength)
        loop.forwarding.authorization =
            switch identity {
            case .client: .keep
            case .session: exchange.session.map { .set($0.authorization) } ?? .remove
            }
        loop.forwarding.host = loop.shared.upstreamAuthorities[exchange.workspace]
        loop.forwarding.forwardedFor = address
        loop.forwarding.forwardedHost.removeAll(keepingCapacity: true)
        head.extracting(loop.requestHead.authority.range).withUnsafeBytes {
            loop.forwarding.forwardedHost.append(contentsOf: $0)
        }
        loop.forwarding.requestID = exchange.requestID
        loop.requestHead.writeForwarded(from: head, as: loop.forwarding, into: &loop.requestStaging.bytes)
    }

    private func sendHeldBody() {
        let body = exchange.held[exchange.headLength...]
        frame(body.span.bytes)
    }

    func sendBody(_ piece: RawSpan) {
        guard exchange.upstream != nil else { return }
        frame(piece)
    }

    private func frame(_ piece: RawSpan) {
        loop.requestStaging.add(piece, inChunks: exchange.framing == .chunked, for: exchange.upstream?.tls)
    }

    func bodyCompleted() {
        if exchange.outcome == .served {
            respondLocally()
        } else if exchange.framing == .chunked, exchange.upstream != nil {
            ChunkWriting.finish(in: &loop.requestStaging.bytes)
        }
    }

    /// Turns what is staged into TLS records for the workspace. Flushing is for the end of the read.
    func releaseRequest() {
        loop.requestStaging.release(to: exchange.upstream?.tls)
    }
}
