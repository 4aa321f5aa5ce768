import NIOCore

/// Which addresses failed lately. They are tried last for a while: 10 s, and twice as long at each later failure.
struct AddressHealth {
    private struct Fault {
        var until: NIODeadline
        var penalty: TimeAmount
    }

    static let firstPenalty = TimeAmount.seconds(10)
    static let longestPenalty = TimeAmount.seconds(60)
    /// A fault that is over for this long is forgotten.
    static let memory = TimeAmount.minutes(10)

    private var faults: [SocketAddress: Fault] = [:]

    /// How many addresses are remembered.
    var count: Int { faults.count }

    /// Says whether that changes the order. A failure during the penalty, of another attempt at the same time or for
    /// want of better addresses, tells nothing new.
    @discardableResult
    mutating func failed(_ address: SocketAddress, at now: NIODeadline) -> Bool {
        faults = faults.filter { now < $0.value.until + AddressHealth.memory }
        let before = faults[address]
        if let before, now < before.until { return false }
        let penalty = before.map { min($0.penalty * 2, AddressHealth.longestPenalty) } ?? AddressHealth.firstPenalty
        faults[address] = Fault(until: now + penalty, penalty: penalty)
        return true
    }

    mutating func succeeded(_ address: SocketAddress) {
        faults[address] = nil
    }

    /// The same addresses: first the good ones as they were, then the others, the soonest forgiven first.
    func ordered(_ addresses: [SocketAddress], at now: NIODeadline) -> [SocketAddress] {
        let failed = addresses.filter { isFailed($0, at: now) }
        let good = addresses.filter { !isFailed($0, at: now) }
        return good + failed.sorted { until($0) < until($1) }
    }

    private func isFailed(_ address: SocketAddress, at now: NIODeadline) -> Bool {
        now < until(address)
    }

    private func until(_ address: SocketAddress) -> NIODeadline {
        faults[address]?.until ?? .distantPast
    }
}
