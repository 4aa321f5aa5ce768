/// Places for so many requests at once, and a bounded line of those that wait for one: first come, first served.
///
/// Moments are nanoseconds of one clock.
struct InFlight<Waiter> {
    private let most: Int
    private let mostWaiting: Int
    private(set) var count = 0
    private var line: [(waiter: Waiter, since: UInt64)] = []

    init(most: Int, waiting: Int) {
        self.most = most
        mostWaiting = waiting
    }

    var isAnyoneWaiting: Bool { !line.isEmpty }

    /// Takes a place, if one is free and nobody waits for it already.
    mutating func enter() -> Bool {
        guard count < most, line.isEmpty else { return false }
        count += 1
        return true
    }

    /// Stands in line. `false` when the line is full, even without those of whom `isGone` is true.
    mutating func wait(_ waiter: Waiter, at now: UInt64, isGone: (Waiter) -> Bool) -> Bool {
        if line.count >= mostWaiting { line.removeAll { isGone($0.waiter) } }
        guard line.count < mostWaiting else { return false }
        line.append((waiter, now))
        return true
    }

    mutating func leave() {
        count -= 1
    }

    /// Whoever is first in line gets a place, if one is free.
    mutating func next() -> Waiter? {
        guard count < most, !line.isEmpty else { return nil }
        count += 1
        return line.removeFirst().waiter
    }

    /// Takes out of the line who has stood in it since before `moment`.
    mutating func takeOverdue(before moment: UInt64) -> [Waiter] {
        let overdue = line.prefix { $0.since < moment }.map(\.waiter)
        line.removeFirst(overdue.count)
        return overdue
    }
}
