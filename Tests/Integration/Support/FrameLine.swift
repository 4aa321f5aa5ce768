import TLS

/// A client of HTTP/2 that writes its frames by hand (RFC 9113, section 4.1).
struct FrameLine {
    enum Kind: UInt8 {
        case data = 0, headers = 1, reset = 3, settings = 4, ping = 6, goAway = 7
    }

    struct Frame {
        var kind: UInt8
        var payload: [UInt8]
    }

    let line: Line

    /// - Parameter windowSize: How much of a body Lakegate may send.
    init(_ front: Front, windowSize: UInt32 = 65_535) async throws {
        line = try await front.connect(speakingHTTP2: true)
        line.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        send(.settings, stream: 0, [0, 4] + FrameLine.number(windowSize))
        send(.settings, flags: 1, stream: 0, [])
    }

    func send(_ kind: Kind, flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8]) {
        let length = Array(FrameLine.number(UInt32(payload.count)).dropFirst())
        line.send(length + [kind.rawValue, flags] + FrameLine.number(stream) + payload)
    }

    /// A GET, or a POST whose body is still to come, as stream 1.
    func request(_ authority: String, endsStream: Bool = true) {
        let fields = FrameLine.fields(authority: authority, isPost: !endsStream)
        send(.headers, flags: endsStream ? 5 : 4, stream: 1, fields)
    }

    /// The next frame of a kind; others are passed over.
    func next(_ kind: Kind) async throws -> Frame {
        while true {
            let head = try await line.take(9)
            let length = head.prefix(3).reduce(0) { $0 << 8 | Int($1) }
            let frame = Frame(kind: head[3], payload: try await line.take(length))
            if frame.kind == kind.rawValue { return frame }
        }
    }

    /// A whole header block without compression (RFC 7541, appendix A and section 6.2.2).
    static func fields(authority: String, isPost: Bool = false) -> [UInt8] {
        let text = Array(authority.utf8)
        return [isPost ? 0x83 : 0x82, 0x87, 0x84, 0x01, UInt8(text.count)] + text
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> UInt32($0) & 255) }
    }
}
