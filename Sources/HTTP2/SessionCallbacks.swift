import CNghttp2

/// What nghttp2 calls. Its user data is an unretained pointer to the ``HTTP2Session``, which owns the nghttp2 session and
/// is kept by whoever called it, so that it outlives every call.
enum SessionCallbacks {
    static func make(for session: HTTP2Session) -> OpaquePointer? {
        guard let callbacks, let options else { return nil }
        let owner = Unmanaged.passUnretained(session).toOpaque()
        var raw: OpaquePointer?
        switch session.side {
        case .server: nghttp2_session_server_new2(&raw, callbacks, owner, options)
        case .client: nghttp2_session_client_new2(&raw, callbacks, owner, options)
        }
        return raw
    }

    static func session(_ owner: UnsafeMutableRawPointer?) -> HTTP2Session? {
        owner.map { Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Made once per process and never changed or freed, which is why both may be shared.
    nonisolated(unsafe) private static let callbacks: OpaquePointer? = {
        var made: OpaquePointer?
        guard nghttp2_session_callbacks_new(&made) == 0 else { return nil }
        nghttp2_session_callbacks_set_on_begin_headers_callback(made, headersBegan)
        nghttp2_session_callbacks_set_on_header_callback(made, header)
        nghttp2_session_callbacks_set_on_invalid_header_callback(made, invalidHeader)
        nghttp2_session_callbacks_set_on_frame_recv_callback(made, frameReceived)
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, dataReceived)
        nghttp2_session_callbacks_set_on_stream_close_callback(made, streamClosed)
        nghttp2_session_callbacks_set_on_frame_send_callback(made, frameSent)
        nghttp2_session_callbacks_set_send_data_callback(made, sendData)
        return made
    }()

    nonisolated(unsafe) private static let options: OpaquePointer? = {
        var made: OpaquePointer?
        guard nghttp2_option_new(&made) == 0 else { return nil }
        nghttp2_option_set_no_auto_window_update(made, 1)
        nghttp2_option_set_no_closed_streams(made, 1)
        nghttp2_option_set_max_send_header_block_length(made, 262_144)
        nghttp2_option_set_stream_reset_rate_limit(made, 100, 33)
        return made
    }()
}

// Receiving.
extension SessionCallbacks {
    private static let headersBegan: nghttp2_on_begin_headers_callback = { _, frame, owner in
        guard let session = session(owner), let frame = frame?.pointee else { return 0 }
        session.headersBegan(frame.hd.stream_id, isRequest: frame.headers.cat == NGHTTP2_HCAT_REQUEST)
        return 0
    }

    private static let header: nghttp2_on_header_callback = { _, _, name, nameCount, value, valueCount, _, owner in
        guard let session = session(owner) else { return 0 }
        let name = UnsafeRawBufferPointer(start: name, count: nameCount).bytes
        let value = UnsafeRawBufferPointer(start: value, count: valueCount).bytes
        return session.field(name: name, value: value) ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }

    /// nghttp2 would leave the field out and go on.
    private static let invalidHeader: nghttp2_on_invalid_header_callback = { raw, frame, _, _, _, _, _, _ in
        guard let id = frame?.pointee.hd.stream_id else { return 0 }
        nghttp2_submit_rst_stream(
            raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, HTTP2ErrorCode.protocolError.rawValue)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
    }

    private static let frameReceived: nghttp2_on_frame_recv_callback = { _, frame, owner in
        guard let session = session(owner), let frame = frame?.pointee else { return 0 }
        session.frameReceived(frame.hd)
        return session.patience.fault == nil ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }

    private static let dataReceived: nghttp2_on_data_chunk_recv_callback = { raw, _, id, bytes, count, owner in
        guard let session = session(owner) else { return 0 }
        nghttp2_session_consume_connection(raw, count)
        session.dataReceived(id, UnsafeRawBufferPointer(start: bytes, count: count).bytes)
        return 0
    }

    private static let streamClosed: nghttp2_on_stream_close_callback = { _, id, code, owner in
        session(owner)?.streamClosed(id, HTTP2ErrorCode(rawValue: code))
        return 0
    }
}

// Sending.
extension SessionCallbacks {
    private static let frameSent: nghttp2_on_frame_send_callback = { _, frame, owner in
        guard let session = session(owner), let frame = frame?.pointee else { return 0 }
        session.frameSent(frame.hd, code: HTTP2ErrorCode(rawValue: frame.rst_stream.error_code))
        return 0
    }

    /// Says how much of a body goes into the next frame. With its header one frame fills one TLS record.
    static let readBody: nghttp2_data_source_read_callback = { _, id, _, most, flags, _, owner in
        guard let session = session(owner), let stream = session.stream(id) else {
            return ssize_t(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        guard session.output.count < session.outputLimit else { return ssize_t(NGHTTP2_ERR_PAUSE.rawValue) }
        guard stream.outbox.count > 0 || stream.outbox.hasEnded else {
            stream.isDeferred = true
            return ssize_t(NGHTTP2_ERR_DEFERRED.rawValue)
        }
        let count = min(stream.outbox.count, most, largestData)
        var flag = NGHTTP2_DATA_FLAG_NO_COPY.rawValue
        if count == stream.outbox.count, stream.outbox.hasEnded { flag |= session.endFlags(of: stream) }
        flags?.pointee = flag
        return count
    }

    private static let sendData: nghttp2_send_data_callback = { _, frame, header, count, _, owner in
        guard let session = session(owner), let frame, let header else {
            return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
        }
        // A frame's header has nine bytes (RFC 9113, section 4.1).
        session.output.append(contentsOf: UnsafeBufferPointer(start: header, count: 9))
        session.sendBody(of: frame.pointee.hd.stream_id, count)
        return 0
    }

    private static let largestData = 16_384 - 9
}
