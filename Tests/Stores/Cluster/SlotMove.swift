import RedisServer

@testable import Stores

/// Moves the slot of a tag from its master to another, step by step, as `redis-cli --cluster reshard` does.
struct SlotMove {
    private let slot: String
    private let source: RedisServer
    private let target: RedisServer
    private let cluster: ServerCluster

    init(_ cluster: ServerCluster, of tag: String) throws {
        let number = KeySlot.of(Array(tag.utf8))
        let source = try cluster.master(of: number)
        self.cluster = cluster
        self.source = source
        slot = String(number)
        guard let target = cluster.servers.first(where: { $0 !== source }) else { throw NoTarget() }
        self.target = target
    }

    func begin() throws {
        try target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", cluster.id(of: source))
        try source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", cluster.id(of: target))
    }

    func moveHalfTheKeys() throws {
        let count = Int(try source.command("CLUSTER", "COUNTKEYSINSLOT", slot)) ?? 0
        try move(count / 2)
    }

    func finish() throws {
        while try source.command("CLUSTER", "COUNTKEYSINSLOT", slot) != "0" { try move(100) }
        let id = try cluster.id(of: target)
        try target.command("CLUSTER", "SETSLOT", slot, "NODE", id)
        try source.command("CLUSTER", "SETSLOT", slot, "NODE", id)
    }

    /// How often servers have answered with an error.
    func count(of code: String) throws -> Int {
        try cluster.servers.reduce(0) { sum, server in
            let fact = try server.fact("errorstat_\(code)")
            return sum + (Int(fact.drop { $0 != "=" }.dropFirst()) ?? 0)
        }
    }

    private func move(_ count: Int) throws {
        let keys = try source.command("CLUSTER", "GETKEYSINSLOT", slot, String(count))
        for key in keys.split(whereSeparator: \.isNewline) {
            try source.command("MIGRATE", "127.0.0.1", String(target.port), String(key), "0", "5000")
        }
    }

    private struct NoTarget: Error {}
}
