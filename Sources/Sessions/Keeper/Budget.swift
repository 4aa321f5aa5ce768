import Basics

/// So many of something in each second.
struct Budget {
    private let perSecond: Int
    private var second: Int64 = 0
    private var taken = 0

    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    /// Whether there is one left.
    mutating func take(now: Timestamp) -> Bool {
        let current = now.milliseconds / 1000
        if current != second { (second, taken) = (current, 0) }
        guard taken < perSecond else { return false }
        taken += 1
        return true
    }
}
