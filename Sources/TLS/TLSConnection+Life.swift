import NIOCore

// Handshake and end.
extension TLSConnection {
    func start() {
        guard state == .handshaking, timer == nil else { return }
        // Not weak: a weak reference would make every later retain of the connection slower. The end cancels it.
        timer = eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: handshakeTimeout) {
            self.handshakeTimedOut()
        }
        if side == .client { advanceHandshake() }
    }

    func advanceHandshake() {
        switch engine.handshake() {
        case .needsInput:
            flushOutput()
        case .done:
            state = .open
            timer?.cancel()
            timer = nil
            // At once: the ticket carries the ACK that a client with Nagle's algorithm waits for.
            flushOutput()
            guard state == .open else { return }
            application?.connectionReady()
        case .failed:
            fail(.tlsFailure(engine.takeFault()))
        }
    }

    private func handshakeTimedOut() {
        guard state == .handshaking else { return }
        finish(.tlsFailure("no TLS handshake within \(handshakeTimeout.nanoseconds / 1_000_000_000) s"))
        abort()
    }

    /// Hands over what was encrypted. The channel may fail inside this call, which runs `channelInactive`.
    func flushOutput() {
        guard channelContext != nil, var output = engine.takeOutput() else { return }
        written += UInt64(output.readableBytes)
        output.moveReaderIndex(forwardBy: output.withUnsafeReadableBytes { direct.write($0) })
        if output.readableBytes > 0 { enqueue(output) }
        loop.giveBack(output)
    }

    /// Leaves to the channel what the socket does not take now: a copy, for a peer that does not read must not hold a
    /// buffer many times the size of what it has left.
    private func enqueue(_ output: borrowing ByteBuffer) {
        guard let context = channelContext else { return }
        let rest = ByteBuffer(bytes: output.readableBytesView)
        let written = eventLoop.makePromise(of: Void.self)
        direct.channelTook()
        written.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in self.direct.channelFinished() }
        context.writeAndFlush(wrapOutboundOut(rest), promise: written)
    }

    /// Tells the application, sends what alert there is, and closes.
    func fail(_ reason: ClosingReason) {
        guard state != .closed else { return }
        finish(reason)
        closeOnceWritten()
    }

    /// Sends the rest, and closes when it is out.
    func closeOnceWritten(lingering: Bool = false) {
        guard let context = channelContext else { return }
        closeSocket(after: closingTimeout)
        let written = eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(engine.takeOutput() ?? ByteBuffer()), promise: written)
        written.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in
            if lingering { self.linger() } else { context.close(promise: nil) }
        }
    }

    /// Ends our half and discards what the peer was sending, for a while: a socket that is closed with bytes unread is
    /// reset, which may destroy what we said last (RFC 9112, section 9.6).
    private func linger() {
        guard let context = channelContext else { return }
        guard !reading.hasEnded, !reading.socketEnded else { return context.close(promise: nil) }
        reading.isLingering = true
        closeSocket(after: lingeringTime)
        context.close(mode: .output).assumeIsolatedUnsafeUnchecked().whenFailure { _ in context.close(promise: nil) }
        if reading.isWithheld { context.read() }
    }

    private func closeSocket(after time: TimeAmount) {
        guard let context = channelContext else { return }
        timer?.cancel()
        timer = eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: time) { context.close(promise: nil) }
    }

    /// The last call to the application, and the end of every cycle of references.
    func finish(_ reason: ClosingReason) {
        state = .closed
        reading.kept = nil
        timer?.cancel()
        timer = nil
        guard let application else { return }
        self.application = nil
        application.connectionClosed(reason)
    }
}

/// How long a peer may take to accept our last bytes.
private let closingTimeout = TimeAmount.seconds(10)
private let lingeringTime = TimeAmount.seconds(2)
