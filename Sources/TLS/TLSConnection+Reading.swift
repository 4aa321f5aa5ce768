import NIOCore

// From ciphertext to the application.
extension TLSConnection {
    func receive(_ buffer: borrowing ByteBuffer) {
        guard reading.kept == nil else {
            reading.kept?.writeImmutableBuffer(copy buffer)
            return
        }
        let taken = buffer.withUnsafeReadableBytes { bytes in engine.lend(bytes) { processInput() } }
        guard taken < buffer.readableBytes, state == .open, !reading.hasEnded else { return }
        // A copy of the right size: the buffer goes back to the loop.
        reading.kept = ByteBuffer(bytes: buffer.readableBytesView.dropFirst(taken))
    }

    private func processInput() {
        if state == .handshaking { advanceHandshake() }
        guard state == .open else { return }
        let room = loop.takePlaintext()
        // What is inside OpenSSL already is not seen by the event loop: go on until nothing is left there either.
        while mayDeliver, engine.inputLeft > 0 || engine.hasPending {
            guard deliverRecord(room) else { break }
        }
        loop.giveBackPlaintext(room)
    }

    private var mayDeliver: Bool {
        state == .open && !reading.isPaused && !reading.hasEnded
    }

    /// Whether there may be another record.
    private func deliverRecord(_ room: UnsafeMutableRawPointer) -> Bool {
        switch engine.read(into: room) {
        case .bytes(let count):
            reading.isIncomplete = true
            application?.received(UnsafeRawBufferPointer(start: room, count: count).bytes)
            return true
        case .needsInput:
            return engine.inputLeft > 0
        case .closeNotify:
            endInput(.cleanly)
            return false
        case .failed:
            fail(.tlsFailure(engine.takeFault()))
            return false
        }
    }

    /// Tells the application that a read is over, and sends what OpenSSL answered of its own accord.
    func completeRead() {
        if reading.isIncomplete, state == .open {
            reading.isIncomplete = false
            application?.readCompleted()
        }
        guard state != .closed, engine.output != nil else { return }
        flushOutput()
    }

    /// The end of the socket's input, which comes behind whatever is still kept.
    func socketInputEnded() {
        reading.socketEnded = true
        guard reading.kept == nil else { return }
        switch state {
        case .handshaking: fail(.tlsFailure("the peer closed the connection during the TLS handshake"))
        case .open: endInput(.truncated)
        case .closed: if reading.isLingering { channelContext?.close(promise: nil) }
        }
    }

    func endInput(_ ending: InputEnding) {
        guard state == .open, !reading.hasEnded else { return }
        reading.hasEnded = true
        reading.kept = nil
        application?.inputEnded(ending)
    }

    func scheduleResume() {
        guard !reading.isResumeScheduled else { return }
        reading.isResumeScheduled = true
        eventLoop.assumeIsolatedUnsafeUnchecked().execute { self.deliverKept() }
    }

    private func deliverKept() {
        reading.isResumeScheduled = false
        guard mayDeliver else { return }
        if let kept = reading.kept {
            reading.kept = nil
            receive(kept)
            completeRead()
        }
        guard mayDeliver, reading.kept == nil else { return }
        if reading.socketEnded { return socketInputEnded() }
        guard reading.isWithheld else { return }
        reading.isWithheld = false
        channelContext?.read()
    }
}
