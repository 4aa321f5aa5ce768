/// Why a connection ends before its time: what the peer did.
public enum HTTP2Fault: Error, Sendable, Equatable {
    /// The reason is nghttp2's own wording, without the peer's bytes.
    case protocolError(String)
    /// Frame after frame that brings nothing forward.
    case idleFrames
    /// Header blocks far beyond the limit.
    case headers
    /// Requests made to be reset.
    case resets
}

extension HTTP2Fault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .protocolError(let reason): "HTTP/2 was broken: \(reason)"
        case .idleFrames: "too many frames that bring nothing forward"
        case .headers: "a header block far beyond the limit"
        case .resets: "too many streams that had to be reset"
        }
    }
}

/// How far receiving came.
public enum HTTP2Progress: Sendable, Equatable {
    case goesOn
    /// Nothing more is read. What is still to be said, ``HTTP2Session/produce(into:room:)`` gives.
    case failed(HTTP2Fault)
}
