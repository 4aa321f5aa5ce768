import NIOCore

/// A client's connection, as its event loop sees it.
protocol LoopConnection: AnyObject {
    /// Called about once a second.
    func checkTimes(at now: NIODeadline)
    /// Has the client leave without losing a request.
    func drain()
    /// Says goodbye, if nothing is under way.
    func dismiss()
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
