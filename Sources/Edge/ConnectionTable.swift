import NIOCore

/// The client connections of one event loop, so that time limits and draining reach each of them.
struct ConnectionTable {
    private var entries: [ObjectIdentifier: ClientConnection] = [:]

    var count: Int { entries.count }

    mutating func add(_ connection: ClientConnection) {
        entries[ObjectIdentifier(connection)] = connection
    }

    mutating func remove(_ connection: ClientConnection) {
        entries[ObjectIdentifier(connection)] = nil
    }

    /// A snapshot: whoever is visited may leave the table meanwhile.
    var all: [ClientConnection] { Array(entries.values) }
}
