import NIOCore

/// How long a ``Dialer`` waits for what.
struct DialTimes {
    /// From the start; no address is tried after that.
    var connect = TimeAmount.seconds(10)
    /// For one address from its TCP connection on: the proxy's answer and TLS. May go on beyond `connect`.
    var handshake = TimeAmount.seconds(5)
    /// Between the beginnings of two attempts (RFC 8305, section 5).
    var stagger = TimeAmount.milliseconds(250)
    var lookup = LookupTimes()
}

extension DialTimes {
    init(_ times: EdgeTimes) {
        connect = TimeAmount(times.upstreamConnect)
        handshake = TimeAmount(times.upstreamHandshake)
    }
}
