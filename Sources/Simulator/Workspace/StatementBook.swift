import Basics

/// The SQL statements run so far; the last thousand are kept.
struct StatementBook: Sendable {
    struct Entry: Sendable {
        var user: DemoUser
        var outcome: SQLOutcome
        var isCanceled = false
    }

    private var entries: [String: Entry] = [:]
    private var order: [String] = []

    mutating func add(_ entry: Entry, id: String) {
        entries[id] = entry
        order.append(id)
        if order.count > 1000 { entries[order.removeFirst()] = nil }
    }

    /// The statement, if it is this user's.
    func entry(_ id: String, of user: DemoUser) -> Entry? {
        entries[id].flatMap { $0.user == user ? $0 : nil }
    }

    /// Stops a statement; `false` when there is none.
    mutating func cancel(_ id: String, by user: DemoUser) -> Bool {
        guard entry(id, of: user) != nil else { return false }
        entries[id]?.isCanceled = true
        return true
    }
}
