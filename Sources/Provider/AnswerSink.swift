/// Takes in the bytes of one answer and stops at a limit. libcurl calls it on the thread that performs the request.
final class AnswerSink {
    private(set) var body: [UInt8] = []
    private(set) var retryAfter: String?
    private(set) var location: String?
    private(set) var isTooLarge = false
    private let longest: Int
    private var headBytes = 0

    /// The request may be on its way.
    private(set) var wasSent = false
    private let sendBefore: ContinuousClock.Instant

    init(longest: Int, sendBefore: ContinuousClock.Instant) {
        self.longest = longest
        self.sendBefore = sendBefore
    }

    /// The connection is there: whether the request may still be sent. A process that was stopped may wake up here.
    func maySend() -> Bool {
        wasSent = ContinuousClock.now < sendBefore
        return wasSent
    }

    /// Whether there is room for more.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= longest - body.count else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// One line of the head at a time.
    func takeHead(_ line: UnsafeRawBufferPointer) -> Bool {
        headBytes += line.count
        guard headBytes <= 64 * 1024 else {
            isTooLarge = true
            return false
        }
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
        guard parts.count == 2 else { return true }
        let value = String(decoding: parts[1].filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
        switch String(decoding: parts[0], as: UTF8.self).lowercased() {
        case "retry-after": retryAfter = value
        case "location": location = value
        default: break
        }
        return true
    }
}
