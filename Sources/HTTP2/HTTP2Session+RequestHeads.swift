import CNghttp2

// A request's head leaves in nghttp2's frame with a block of ours.
extension HTTP2Session {
    /// Appends a frame that nghttp2 made. In place of a request's block, of which it knows the method only, goes ours.
    func append(frame: UnsafeBufferPointer<UInt8>) {
        guard side == .client, frame.count > Frame.headerSize, frame[3] == Frame.headers,
            requestBlocks.take(Frame.stream(of: frame), { appendHead(frame, block: $0) })
        else { return output.append(contentsOf: frame) }
    }

    private func appendHead(_ frame: UnsafeBufferPointer<UInt8>, block: RawSpan) {
        let updates = Frame.tableSizeUpdates(in: frame)
        let room = Frame.smallestLimit - updates.count
        let isWhole = block.byteCount <= room
        let first = block.extracting(first: room)
        let flags = isWhole ? frame[4] : frame[4] & ~Frame.endHeaders
        appendFrameHeader(Frame.headers, flags: flags, size: updates.count + first.byteCount, like: frame)
        output.append(contentsOf: updates)
        first.withUnsafeBytes { output.append(contentsOf: $0) }
        if !isWhole { appendContinuations(block.extracting(droppingFirst: room), like: frame) }
    }

    private func appendContinuations(_ block: RawSpan, like frame: UnsafeBufferPointer<UInt8>) {
        var rest = block
        while rest.byteCount > 0 {
            let piece = rest.extracting(first: Frame.smallestLimit)
            rest = rest.extracting(droppingFirst: Frame.smallestLimit)
            let flags = rest.byteCount == 0 ? Frame.endHeaders : 0
            appendFrameHeader(Frame.continuation, flags: flags, size: piece.byteCount, like: frame)
            piece.withUnsafeBytes { output.append(contentsOf: $0) }
        }
    }

    /// Nine bytes: size, type, flags and the stream of another frame (RFC 9113, section 4.1).
    private func appendFrameHeader(_ type: UInt8, flags: UInt8, size: Int, like frame: UnsafeBufferPointer<UInt8>) {
        output.append(UInt8(truncatingIfNeeded: size >> 16))
        output.append(UInt8(truncatingIfNeeded: size >> 8))
        output.append(UInt8(truncatingIfNeeded: size))
        output.append(type)
        output.append(flags)
        output.append(contentsOf: frame[5..<Frame.headerSize])
    }
}

private enum Frame {
    static let headerSize = 9
    static let headers = UInt8(NGHTTP2_HEADERS.rawValue)
    static let continuation = UInt8(NGHTTP2_CONTINUATION.rawValue)
    static let endHeaders = UInt8(NGHTTP2_FLAG_END_HEADERS.rawValue)
    /// The payload that every peer takes (RFC 9113, section 6.5.2).
    static let smallestLimit = 16_384

    static func stream(of frame: UnsafeBufferPointer<UInt8>) -> Int32 {
        frame[5..<9].reduce(0) { $0 << 8 | Int32($1) }
    }

    /// What nghttp2 has to tell of its table's size comes first in a block, and stays (RFC 7541, section 6.3).
    static func tableSizeUpdates(in frame: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        var end = headerSize
        while end < frame.count, frame[end] & 0xe0 == 0x20 {
            let isLong = frame[end] & 0x1f == 0x1f
            end += 1
            guard isLong else { continue }
            while end < frame.count, frame[end] & 0x80 != 0 { end += 1 }
            end += 1
        }
        return frame[headerSize..<min(end, frame.count)]
    }
}
