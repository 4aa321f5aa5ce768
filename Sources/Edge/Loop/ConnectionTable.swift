import NIOCore

/// A client's connection, as its event loop sees it.
protocol LoopConnection: AnyObject {
    /// Called about once a second.
    func checkTimes(at now: NIODeadline)
    /// Closes as soon as nothing is under way.
    func drain()
    /// Closes at once.
    func abort()
}

/// The client connections of one event loop, so that time limits and draining reach each of them.
struct ConnectionTable {
    private var entries: [ObjectIdentifier: any LoopConnection] = [:]

    var count: Int { entries.count }

    mutating func add(_ connection: any LoopConnection) {
        entries[ObjectIdentifier(connection)] = connection
    }

    mutating func remove(_ connection: any LoopConnection) {
        entries[ObjectIdentifier(connection)] = nil
    }

    /// A snapshot: whoever is visited may leave the table meanwhile.
    var all: [any LoopConnection] { Array(entries.values) }
}
