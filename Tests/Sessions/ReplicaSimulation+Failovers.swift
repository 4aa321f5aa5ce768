import Basics

@testable import Sessions

// A master of the store that goes on as one for a moment, while another one has taken its place.
extension ReplicaSimulation {
    enum Failovers: Hashable {
        case none
        /// Nobody asks how old the master is.
        case unnoticed
        case noticed
    }

    /// What a replica takes for the store.
    subscript(number: Int) -> LeasedRecord {
        get { isBehind(number) ? formerCell : cell }
        set { if isBehind(number) { formerCell = newValue } else { cell = newValue } }
    }

    func isBehind(_ number: Int) -> Bool { now < replicas[number].followsAt }

    /// Of the one that the replica asks.
    func ageOfMaster(_ number: Int) -> Duration? {
        guard failovers == .noticed else { return nil }
        return (isBehind(number) ? formerSince : masterSince).map { now.since($0) }
    }

    /// Leases and intents, the youngest at least, may not have come through. One failover ends before the next begins.
    mutating func failOverPerhaps() {
        guard chances.one(in: 30), replicas.allSatisfy({ $0.followsAt <= now && $0.unseen == nil }) else { return }
        tell(nil, "the store fails over")
        formerCell = cell
        if chances.one(in: 2), let record = cell.record { cell = LeasedRecord(record) }
        (formerSince, masterSince) = (masterSince, now)
        for number in replicas.indices { replicas[number].followsAt = now + chances.time(0...3000) }
    }

    /// Who finds the other master writes back what that one does not have, with an intent beside it.
    mutating func follow(_ number: Int) {
        guard !isBehind(number), let record = replicas[number].unseen else { return }
        replicas[number].unseen = nil
        guard let current = cell.record, current.generation < record.generation else { return }
        _ = cell.replace(record, expecting: current.generation)
        cell.restored(digest: String(Self.grant(of: record)), now: now)
        tell(number, "writes back generation \(record.generation)")
    }
}
