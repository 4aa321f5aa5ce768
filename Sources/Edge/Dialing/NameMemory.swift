import NIOCore

/// The last good answer for one name, and how far it can be relied upon.
struct NameMemory {
    private let times: LookupTimes
    private var addresses: [SocketAddress] = []
    private var learntAt = NIODeadline.distantPast
    private var askAgainAt = NIODeadline.distantPast
    /// The last lookup brought nothing.
    private(set) var isFailing = false

    init(_ times: LookupTimes) {
        self.times = times
    }

    /// What to use without asking.
    func fresh(at now: NIODeadline) -> [SocketAddress]? {
        now < askAgainAt ? kept(at: now) : nil
    }

    /// What to use when asking brings nothing.
    func kept(at now: NIODeadline) -> [SocketAddress]? {
        addresses.isEmpty || age(at: now) > times.kept ? nil : addresses
    }

    func age(at now: NIODeadline) -> TimeAmount {
        now - learntAt
    }

    mutating func learn(_ answer: [SocketAddress], at now: NIODeadline) {
        addresses = answer
        learntAt = now
        askAgainAt = now + times.fresh
        isFailing = false
    }

    /// The last answer serves for as long as a fresh one would before somebody asks again.
    mutating func failed(at now: NIODeadline) {
        askAgainAt = now + times.fresh
        isFailing = true
    }
}
