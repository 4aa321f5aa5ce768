import CNghttp2

// What streams ask their session for.
extension HTTP2Session {
    /// Opens a stream with a request, whose first field is `:method`. `nil` when the peer takes no more of them.
    public func submitRequest(
        _ fields: borrowing HTTP2Fields, hasBody: Bool, handler: any HTTP2StreamHandler
    ) -> HTTP2Stream? {
        guard let raw, !isDraining else { return nil }
        let id = fields.withMethod { method, count in
            withBody(hasBody) { nghttp2_submit_request(raw, nil, method, count, $0, nil) }
        }
        guard id > 0 else { return nil }
        requestBlocks.append(fields, for: id)
        let stream = open(id)
        stream.handler = handler
        return stream
    }

    func submitHead(_ fields: borrowing HTTP2Fields, on stream: HTTP2Stream, endsStream: Bool) {
        guard let raw else { return }
        fields.withVector { vector, count in
            _ = withBody(!endsStream) { nghttp2_submit_response(raw, stream.id, vector, count, $0) }
        }
    }

    func submitInterim(_ fields: borrowing HTTP2Fields, on stream: HTTP2Stream) {
        guard let raw else { return }
        fields.withVector { vector, count in
            _ = nghttp2_submit_headers(
                raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, nil, vector, count, nil)
        }
    }

    func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
        guard let raw else { return }
        nghttp2_submit_rst_stream(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue)
    }

    func outputHasEnded(_ stream: HTTP2Stream) -> Bool {
        raw.map { nghttp2_session_get_stream_local_close($0, stream.id) == 1 } ?? true
    }

    func consumed(_ count: Int, on stream: HTTP2Stream) {
        guard let raw else { return }
        nghttp2_session_consume_stream(raw, stream.id, count)
    }

    func resume(_ stream: HTTP2Stream) {
        guard let raw else { return }
        nghttp2_session_resume_data(raw, stream.id)
    }

    private func withBody(_ hasBody: Bool, _ submit: (UnsafePointer<nghttp2_data_provider>?) -> Int32) -> Int32 {
        guard hasBody else { return submit(nil) }
        var provider = nghttp2_data_provider()
        provider.read_callback = SessionCallbacks.readBody
        return submit(&provider)
    }
}
