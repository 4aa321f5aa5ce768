import Basics
import Sessions

// Going over all sessions: one server after the other, each of which has a cursor of its own.
extension RedisStore {
    public func sessionNames(from place: ListingPlace?) async throws(StoreError) -> NamePage {
        let servers = try await calls.masters().sorted { $0.description < $1.description }
        let cursor = try ScanCursor(place, among: servers)
        let command = RedisCommand(
            "SCAN", cursor.position, "MATCH", RecordName.sessionPattern, "COUNT", Self.namesLookedAt)
        let (names, position) = try calls.checked(try await calls.run(command, on: cursor.server), Self.scanned)
        return NamePage(names: names, next: cursor.next(position, among: servers)?.place)
    }

    private static func scanned(_ value: RESPValue) throws(StoreError) -> ([RecordName], String) {
        guard case .array(let parts) = value, parts.count == 2, let position = parts[0].text, UInt64(position) != nil,
            case .array(let names) = parts[1]
        else { throw nonsense }
        return (names.compactMap { $0.text.flatMap { RecordName(ofSession: $0) } }, position)
    }

    /// In one step. Redis may give some more, what shares a bucket with the last one; ``RESPReader`` takes twice as many.
    private static let namesLookedAt = "32"
}

/// How far a walk has come: which server, and the server's own word for where.
private struct ScanCursor {
    let server: RedisServerAddress
    let position: String

    private static let ends = "0"

    init(_ server: RedisServerAddress, _ position: String) {
        self.server = server
        self.position = position
    }

    /// - Throws: `unavailable` if the server has left meanwhile, since its sessions are then somewhere else.
    init(_ place: ListingPlace?, among servers: [RedisServerAddress]) throws(StoreError) {
        let parts = place?.text.split(separator: " ").map(String.init) ?? [servers.first?.description ?? "", Self.ends]
        guard parts.count == 2, let server = servers.first(where: { $0.description == parts[0] }) else {
            throw .unavailable("the servers changed while the sessions were gone over; try again")
        }
        self.init(server, parts[1])
    }

    var place: ListingPlace { ListingPlace("\(server) \(position)") }

    /// `nil` behind the last server.
    func next(_ position: String, among servers: [RedisServerAddress]) -> ScanCursor? {
        guard position == Self.ends else { return ScanCursor(server, position) }
        return servers.first { $0.description > server.description }.map { ScanCursor($0, Self.ends) }
    }
}
