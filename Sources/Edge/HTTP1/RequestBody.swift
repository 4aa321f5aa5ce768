import Wire

/// How far the body of a request has been read.
enum RequestBody {
    case length(BodyMeter)
    case chunked(ChunkedDecoder)
    case complete

    init(_ framing: RequestFraming) {
        switch framing {
        case .none, .length(0): self = .complete
        case .length(let length): self = .length(BodyMeter(length: length))
        case .chunked: self = .chunked(ChunkedDecoder())
        }
    }

    var isComplete: Bool {
        if case .complete = self { true } else { false }
    }
}
