import NIOCore

/// Why there is no connection. Nothing was sent to the workspace.
struct DialFailure: Error {
    enum Cause: Equatable {
        /// The name leads to no address.
        case name
        /// No TCP connection.
        case unreachable
        /// The proxy refused with this status, or did not speak HTTP (`nil`).
        case proxy(status: Int?)
        /// A certificate that is not trusted, or no common ground.
        case tls
        /// The dialer was stopped.
        case stopped
    }

    /// One address that was tried.
    struct Attempt {
        let address: SocketAddress
        let cause: Cause
        /// Safe to log.
        let reason: String
        let elapsed: TimeAmount
    }

    /// Of the attempt that came furthest.
    let cause: Cause
    /// In an operator's words, the addresses and their reasons included; safe to log.
    let text: String
    /// In the order in which they failed.
    let attempts: [Attempt]
    let elapsed: TimeAmount
}

extension DialFailure {
    /// Without an address to try.
    init(_ failure: LookupFailure, target: DialTarget, elapsed: TimeAmount) {
        let reason = failure.text(of: target.nextHop.host)
        self.init(
            cause: .name, text: "cannot connect to \(target.description): \(reason)", attempts: [], elapsed: elapsed)
    }

    init(stopped target: DialTarget, elapsed: TimeAmount) {
        let text = "no connection to \(target.description): Lakegate is stopping"
        self.init(cause: .stopped, text: text, attempts: [], elapsed: elapsed)
    }

    /// A failure at every address.
    init(_ attempts: [Attempt], target: DialTarget, elapsed: TimeAmount) {
        cause = attempts.max { $0.cause.progress < $1.cause.progress }?.cause ?? .unreachable
        text = "cannot connect to \(target.description): " + attempts.map(\.text).joined(separator: "; ")
        self.attempts = attempts
        self.elapsed = elapsed
    }
}

extension DialFailure.Attempt {
    fileprivate var text: String {
        "\(reason) (\(address.ipAddress ?? "\(address)") after \(elapsed.nanoseconds / 1_000_000) ms)"
    }
}

extension DialFailure.Cause {
    /// Whether the proxy at the address did its work, and another address would say the same.
    var isAnswer: Bool {
        if case .proxy(status: .some) = self { true } else { false }
    }

    /// How far the attempt came.
    fileprivate var progress: Int {
        switch self {
        case .stopped: 0
        case .name: 1
        case .unreachable: 2
        case .proxy(nil): 3
        case .proxy: 4
        case .tls: 5
        }
    }
}
