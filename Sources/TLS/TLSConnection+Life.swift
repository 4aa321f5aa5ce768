import NIOCore

// Handshake and end.
extension TLSConnection {
    func start() {
        guard state == .handshaking, timer == nil else { return }
        timer = eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: handshakeTimeout) { [weak self] in
            self?.handshakeTimedOut()
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
        guard let context = channelContext, let output = engine.takeOutput() else { return }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        loop.giveBack(output)
    }

    /// Tells the application, sends what alert there is, and closes.
    func fail(_ reason: ClosingReason) {
        guard state != .closed else { return }
        finish(reason)
        closeOnceWritten()
    }

    func closeOnceWritten() {
        guard let context = channelContext else { return }
        timer?.cancel()
        let isolated = eventLoop.assumeIsolatedUnsafeUnchecked()
        timer = isolated.scheduleTask(in: closingTimeout) { context.close(promise: nil) }
        let written = eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(engine.takeOutput() ?? ByteBuffer()), promise: written)
        written.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in context.close(promise: nil) }
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
