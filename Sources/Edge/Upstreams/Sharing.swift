/// Whether requests of HTTP/1.1 clients go out together on a shared HTTP/2 connection, or on one of HTTP/1.1 each.
///
/// Together is cheaper when several leave in one write, and dearer otherwise; large answers are always cheaper apart. So
/// together is tried when many requests are under way at once, and kept only while it is measured to pay. Moments are
/// nanoseconds of one clock.
struct Sharing {
    private(set) var isOn = false
    private var notBefore: UInt64 = 0
    private var writes = 0
    private var requests = 0
    /// Bytes of the last answers, the older ones counting less.
    private var answerSize = 0

    /// So many requests are under way.
    mutating func crowd(_ inFlight: Int, at now: UInt64) {
        guard !isOn, inFlight >= Sharing.crowd, now >= notBefore, answerSize < Sharing.largeAnswer else { return }
        isOn = true
        writes = 0
        requests = 0
    }

    /// So many requests left in one write on the shared connection.
    mutating func wrote(_ count: Int, at now: UInt64) {
        writes += 1
        requests += count
        guard writes == Sharing.trial else { return }
        if requests < writes * Sharing.worthwhile { stop(at: now) }
        writes = 0
        requests = 0
    }

    mutating func answered(_ bytes: UInt64, at now: UInt64) {
        answerSize += (Int(clamping: min(bytes, Sharing.mostCounted)) - answerSize) / 16
        if isOn, answerSize >= Sharing.largeAnswer { stop(at: now) }
    }

    private mutating func stop(at now: UInt64) {
        isOn = false
        notBefore = now + Sharing.pause
    }

    /// With fewer, batches cannot be large enough: break-even was measured at about ten clients that ask without pause.
    private static let crowd = 16
    /// Writes after which it is decided again.
    private static let trial = 64
    /// Requests in one write, on average, from which it pays.
    private static let worthwhile = 3
    private static let largeAnswer = 16_384
    /// One enormous answer says nothing about the next ones.
    private static let mostCounted: UInt64 = 131_072
    private static let pause: UInt64 = 10_000_000_000
}
