import Basics
import NIOCore
import Sessions

/// Since when servers of a cluster are masters, as far as this process has seen them become one: the cluster does not say.
struct ClusterTenures {
    private var masters: Set<RedisServerAddress> = []
    private var since: [RedisServerAddress: NIODeadline] = [:]

    /// Those of the first map may have been masters for long.
    mutating func take(_ masters: Set<RedisServerAddress>, now: NIODeadline) {
        if !self.masters.isEmpty {
            for server in masters.subtracting(self.masters) { since[server] = now }
        }
        since = since.filter { masters.contains($0.key) }
        self.masters = masters
    }

    mutating func learn(_ master: RedisServerAddress, now: NIODeadline) {
        if masters.insert(master).inserted { since[master] = now }
    }

    func age(of master: RedisServerAddress, now: NIODeadline) -> Duration? {
        since[master].map { .nanoseconds((now - $0).nanoseconds) }
    }
}
