import Basics

@testable import Sessions

// The store.
extension ReplicaSimulation {
    mutating func storeWorks() -> Bool {
        now >= storeIsBackAt && !chances.happens(.storeFails, oneIn: 30)
    }

    mutating func show(_ number: Int, _ record: StoredRecord?) -> RefreshMachine.Shown {
        guard let record else { return .nothing }
        let grant = Self.grant(of: record)
        replicas[number].stored = Stored(generation: record.generation, grant: grant)
        if record.bytes.first == 1 { return .loginNeeded }
        return grant > replicas[number].spent ?? replicas[number].known ? .newerGrant : .sameGrant
    }

    mutating func acquire(_ number: Int) -> RefreshMachine.Input {
        replicas[number].lease = nil
        guard storeWorks() else { return .storeFailed }
        switch self[number].lease(name, owner: "\(number)", now: now, life: policy.leaseLife) {
        case .noRecord: return .leased(.nothing, trace: nil)
        case .heldElsewhere(let record, let left): return .heldElsewhere(show(number, record), left: left)
        case .granted(let lease, let record, let trace):
            replicas[number].lease = lease
            let isMeant = trace?.digest == String(Self.grant(of: record))
            let age = policy.traceAge(intent: isMeant ? trace?.age : nil, master: ageOfMaster(number))
            return .leased(show(number, record), trace: age)
        }
    }

    mutating func intend(_ number: Int) -> RefreshMachine.Input {
        replicas[number].sendBefore = now + policy.answerTime
        guard let lease = replicas[number].lease, let stored = replicas[number].stored, storeWorks() else {
            return .storeFailed
        }
        let isOurs = self[number].intend(lease, digest: String(stored.grant), now: now, life: policy.leaseLife)
        return chances.happens(.intentUnheard, oneIn: 30) ? .storeFailed : isOurs ? .intended : .fenced
    }

    mutating func commit(_ number: Int) -> RefreshMachine.Input {
        guard let fresh = replicas[number].fresh, let lease = replicas[number].lease,
            let stored = replicas[number].stored, storeWorks()
        else { return .storeFailed }
        let record = Self.record(stored.generation + 1, grant: fresh)
        let outcome = self[number].commit(lease, record, replacing: stored.generation, now: now)
        if outcome == .written {
            replicas[number].lease = nil
            if isBehind(number) { replicas[number].unseen = record }
        }
        switch outcome {
        case .written: return .written
        case .conflict: return .conflicted
        case .fenced: return .fenced
        }
    }

    mutating func mark(_ number: Int) -> RefreshMachine.Input {
        guard let stored = replicas[number].stored, storeWorks() else { return .storeFailed }
        let record = Self.record(stored.generation + 1, grant: stored.grant, isMarked: true)
        return self[number].replace(record, expecting: stored.generation) == .written ? .written : .conflicted
    }

    static func record(_ generation: UInt64, grant: Int, isMarked: Bool = false) -> StoredRecord {
        StoredRecord(
            generation: generation,
            bytes: [isMarked ? 1 : 0, UInt8(truncatingIfNeeded: grant), UInt8(truncatingIfNeeded: grant >> 8)])
    }

    static func grant(of record: StoredRecord?) -> Int {
        record.map { Int($0.bytes[1]) | Int($0.bytes[2]) << 8 } ?? 0
    }
}
