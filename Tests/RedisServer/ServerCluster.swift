import Foundation

/// A real Redis Cluster of three masters, each with as many replicas as asked for.
///
/// Unchecked because a test uses it from one task at a time.
public final class ServerCluster: @unchecked Sendable {
    public let servers: [RedisServer]

    /// Starts it and waits until every server says that all is well.
    ///
    /// - Parameter options: For every server.
    public init(replicas: Int = 0, options: [String] = []) async throws {
        servers = try (0..<3 * (1 + replicas)).map { _ in
            try RedisServer(
                [
                    "--cluster-enabled", "yes", "--cluster-port", "\(try FreePort.find())",
                    "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0",
                    "--repl-diskless-sync-delay", "0",
                ] + options)
        }
        for server in servers { try await server.untilUp() }
        let addresses = servers.map { "127.0.0.1:\($0.port)" }
        let answer = try servers[0].command(
            ["--cluster", "create"] + addresses + ["--cluster-replicas", "\(replicas)", "--cluster-yes"])
        guard answer.contains("[OK] All 16384 slots covered") else { throw Trouble("no cluster: \(answer)") }
        try await untilWell()
    }

    /// Waits until every server that runs agrees, and replicas follow.
    public func untilWell() async throws {
        for _ in 0..<300 {
            let isWell = try servers.allSatisfy { server in
                let role = try server.fact("role")
                return try server.command("CLUSTER", "INFO").contains("cluster_state:ok")
                    && (role == "master" || server.fact("master_link_status") == "up")
            }
            if isWell { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Trouble("the cluster does not come up")
    }

    /// The master that keeps a slot, as a server of the cluster sees it.
    public func master(of slot: Int) throws -> RedisServer {
        for server in servers {
            let lines = try server.command("CLUSTER", "NODES").split(whereSeparator: \.isNewline)
            guard let own = lines.first(where: { $0.contains("myself,master") }) else { continue }
            if ServerCluster.slots(own).contains(where: { $0.contains(slot) }) { return server }
        }
        throw Trouble("nobody keeps slot \(slot)")
    }

    public func id(of server: RedisServer) throws -> String {
        try server.command("CLUSTER", "MYID")
    }

    private static func slots(_ line: Substring) -> [ClosedRange<Int>] {
        line.split(separator: " ").dropFirst(8).compactMap { word in
            let ends = word.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last else { return nil }
            return first...last
        }
    }
}
