/// Which server of a cluster keeps which slot.
struct SlotMap: Equatable {
    /// Masters, and those that are no longer.
    private var owners: [RedisServerAddress] = []
    /// For each slot a position in `owners` and 1; 0 for a slot that nobody keeps.
    private var positions = [UInt16](repeating: 0, count: KeySlot.count)
    /// Copies of masters.
    private(set) var replicas: Set<RedisServerAddress> = []

    /// `nil` for a slot that nobody keeps.
    func master(of slot: Int) -> RedisServerAddress? {
        let position = Int(positions[slot])
        return position == 0 ? nil : owners[position - 1]
    }

    /// Every server that keeps a slot.
    var masters: Set<RedisServerAddress> {
        Set(Set(positions).filter { $0 > 0 }.map { owners[Int($0) - 1] })
    }

    var servers: Set<RedisServerAddress> { masters.union(replicas) }

    /// Whether every slot has a master.
    var isComplete: Bool { !positions.contains(0) }

    mutating func assign(_ slots: ClosedRange<Int>, to master: RedisServerAddress) {
        let position = owners.firstIndex(of: master) ?? owners.endIndex
        if position == owners.endIndex { owners.append(master) }
        for slot in slots { positions[slot] = UInt16(position + 1) }
    }

    mutating func add(replica: RedisServerAddress) {
        replicas.insert(replica)
    }
}
