import NIOCore

/// Idle keep-alive connections of one event loop to one workspace, the most recently used first.
///
/// A pool belongs to one workspace of the configuration, and so to one address, one server name and one set of trust
/// anchors: connections that differ in any of these never meet.
final class UpstreamPool {
    private let limit: Int
    private var idle: [UpstreamConnection] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// A connection that was usable when last heard of.
    func take() -> UpstreamConnection? {
        while let connection = idle.popLast() {
            if connection.isUsable { return connection }
        }
        return nil
    }

    /// Keeps a connection, or closes it when there are enough.
    func put(_ connection: UpstreamConnection) {
        guard idle.count < limit else {
            connection.close()
            return
        }
        idle.append(connection)
    }

    func remove(_ connection: UpstreamConnection) {
        idle.removeAll { $0 === connection }
    }

    /// Closes what has been idle since before `moment`.
    func closeIdle(since moment: NIODeadline) {
        let old = idle.filter { $0.idleSince < moment }
        guard !old.isEmpty else { return }
        idle.removeAll { $0.idleSince < moment }
        old.forEach { $0.close() }
    }
}
