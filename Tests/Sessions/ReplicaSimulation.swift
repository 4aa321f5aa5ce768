import Basics

@testable import Sessions

/// Replicas that refresh one session, in a time of its own: an event of a replica whose turn it is, one after the other.
struct ReplicaSimulation {
    struct Replica: Hashable {
        var machine: RefreshMachine
        var action: RefreshMachine.Action?
        var readyAt: Timestamp
        var lease: RefreshLease?
        /// The grant it knows and wants a newer one for.
        var known = 1
        /// What the store last showed.
        var stored: Stored?
        var spent: Int?
        /// A grant that only it has.
        var fresh: Int?
        var sendBefore = Timestamp(milliseconds: 0)
        /// What the provider has answered, on its way.
        var answer: RefreshMachine.Input?
        var wasAnswerLost = false
        /// How many refreshes have come to an end.
        var refreshes = 0
    }

    struct Stored: Hashable {
        var generation: UInt64
        var grant: Int
    }

    var chances: Chances
    private(set) var transcript: [String] = []
    /// What must not happen, and did.
    private(set) var fault: String?
    private let isTold: Bool
    private(set) var now = Timestamp(milliseconds: 0)
    private(set) var replicas: [Replica] = []
    private(set) var cell = LeasedRecord(ReplicaSimulation.record(1, grant: 1))
    private var storeIsBackAt = Timestamp(milliseconds: 0)
    /// The grant whose refresh token the provider takes; grants are numbered.
    private(set) var newest = 1
    private var isFamilyDead = false
    /// Whether a grant was destroyed with the only process, or the answer, that had it.
    private(set) var wasDestroyed = false
    private let name = RecordName("lakegate:{simulated}:session")
    private let policy: RefreshPolicy

    /// Two to five replicas.
    init(seed: UInt64, policy: RefreshPolicy = RefreshPolicy(), isTold: Bool = false) {
        self.init(Chances.seeded(SeededGenerator(state: seed)), replicas: 0, policy: policy, isTold: isTold)
        for _ in 0..<2 + chances.which(of: 4) { add() }
    }

    init(_ chances: Chances, replicas count: Int, policy: RefreshPolicy, isTold: Bool) {
        self.chances = chances
        self.policy = policy
        self.isTold = isTold
        for _ in 0..<count { add() }
    }

    private mutating func add() {
        let readyAt = now + chances.time(0...5000)
        replicas.append(Replica(machine: RefreshMachine(policy: policy), readyAt: readyAt))
    }

    mutating func run() {
        for _ in 0..<80 where fault == nil {
            guard let next = replicas.indices.min(by: { replicas[$0].readyAt < replicas[$1].readyAt }) else { return }
            event(next)
        }
    }

    /// What this replica does next, or what happens to it instead.
    mutating func event(_ number: Int) {
        now = max(now, replicas[number].readyAt)
        disturb(number)
        step(number)
        check()
    }

    private mutating func disturb(_ number: Int) {
        if chances.happens(.crash, oneIn: 30) { crash(number) }
        if chances.happens(.pause, oneIn: 25) { pause(number) }
        if chances.happens(.storeAway, oneIn: 60) { storeIsBackAt = now + chances.time(0...120_000) }
    }

    /// In a script as long as one may be: its lease ends, and nobody has given it up yet.
    private mutating func pause(_ number: Int) {
        tell(number, "pauses")
        if case .scripted = chances {
            replicas[number].readyAt = now + policy.leaseLife + .milliseconds(1)
        } else {
            replicas[number].readyAt = now + chances.time(0...10_000)
        }
    }

    private mutating func crash(_ number: Int) {
        tell(number, "crashes")
        if replicas[number].fresh != nil || replicas[number].answer == .granted { wasDestroyed = true }
        let readyAt = now + chances.time(0...20_000)
        replicas[number] = Replica(machine: RefreshMachine(policy: policy), readyAt: readyAt)
        replicas[number].known = Self.grant(of: cell.record)
    }

    private mutating func step(_ number: Int) {
        guard replicas[number].readyAt <= now else { return }
        guard let action = replicas[number].action else { return begin(number) }
        replicas[number].readyAt = now + chances.time(0...30)
        if case .finish(let outcome) = action { return finish(number, outcome) }
        guard let input = perform(action, number) else { return }
        receive(input, number)
    }

    private mutating func begin(_ number: Int) {
        replicas[number].known = Self.grant(of: cell.record)
        replicas[number].stored = nil
        replicas[number].spent = nil
        replicas[number].wasAnswerLost = false
        receive(.needed(isHurried: chances.one(in: 2)), number)
    }

    private mutating func receive(_ input: RefreshMachine.Input, _ number: Int) {
        let action = replicas[number].machine.receive(input, now: now, jitter: chances.jitter())
        replicas[number].action = action
        tell(number, "\(input) -> \(action)")
    }

    private mutating func finish(_ number: Int, _ outcome: RefreshMachine.Outcome) {
        if let lease = replicas[number].lease, storeWorks() {
            cell.release(lease, keepingTrace: replicas[number].wasAnswerLost)
        }
        replicas[number].lease = nil
        replicas[number].action = nil
        replicas[number].fresh = nil
        switch outcome {
        case .failed(let until), .postponed(let until): replicas[number].readyAt = until
        default:
            replicas[number].readyAt = now + chances.time(1000...60_000)
            replicas[number].refreshes += 1
        }
    }

    /// `nil` while the provider is being waited for.
    private mutating func perform(_ action: RefreshMachine.Action, _ number: Int) -> RefreshMachine.Input? {
        switch action {
        case .acquireLease: return acquire(number)
        case .writeIntent: return intend(number)
        case .readStore: return storeWorks() ? .storeShows(show(number, cell.record)) : .storeFailed
        case .spend: return spend(number)
        case .storeGrant: return commit(number)
        case .storeLoginNeeded: return mark(number)
        case .pause(let time):
            replicas[number].readyAt = now + time
            return .pauseOver
        case .finish, .ignore: return nil
        }
    }
}

// The store.
extension ReplicaSimulation {
    private mutating func storeWorks() -> Bool {
        now >= storeIsBackAt && !chances.happens(.storeFails, oneIn: 30)
    }

    private mutating func show(_ number: Int, _ record: StoredRecord?) -> RefreshMachine.Shown {
        guard let record else { return .nothing }
        let grant = Self.grant(of: record)
        replicas[number].stored = Stored(generation: record.generation, grant: grant)
        if record.bytes.first == 1 { return .loginNeeded }
        return grant > replicas[number].spent ?? replicas[number].known ? .newerGrant : .sameGrant
    }

    private mutating func acquire(_ number: Int) -> RefreshMachine.Input {
        replicas[number].lease = nil
        guard storeWorks() else { return .storeFailed }
        switch cell.lease(name, owner: "\(number)", now: now, life: policy.leaseLife) {
        case .noRecord: return .leased(.nothing, trace: nil)
        case .heldElsewhere(let record, let left): return .heldElsewhere(show(number, record), left: left)
        case .granted(let lease, let record, let trace):
            replicas[number].lease = lease
            let isMeant = trace?.digest == String(Self.grant(of: record))
            return .leased(show(number, record), trace: isMeant ? trace?.age : nil)
        }
    }

    private mutating func intend(_ number: Int) -> RefreshMachine.Input {
        replicas[number].sendBefore = now + policy.answerTime
        guard let lease = replicas[number].lease, let stored = replicas[number].stored, storeWorks() else {
            return .storeFailed
        }
        let isOurs = cell.intend(lease, digest: String(stored.grant), now: now, life: policy.leaseLife)
        return chances.happens(.intentUnheard, oneIn: 30) ? .storeFailed : isOurs ? .intended : .fenced
    }

    private mutating func commit(_ number: Int) -> RefreshMachine.Input {
        guard let fresh = replicas[number].fresh, let lease = replicas[number].lease,
            let stored = replicas[number].stored, storeWorks()
        else { return .storeFailed }
        let record = Self.record(stored.generation + 1, grant: fresh)
        let outcome = cell.commit(lease, record, replacing: stored.generation, now: now)
        if outcome == .written { replicas[number].lease = nil }
        switch outcome {
        case .written: return .written
        case .conflict: return .conflicted
        case .fenced: return .fenced
        }
    }

    private mutating func mark(_ number: Int) -> RefreshMachine.Input {
        guard let stored = replicas[number].stored, storeWorks() else { return .storeFailed }
        let record = Self.record(stored.generation + 1, grant: stored.grant, isMarked: true)
        return cell.replace(record, expecting: stored.generation) == .written ? .written : .conflicted
    }

    private static func record(_ generation: UInt64, grant: Int, isMarked: Bool = false) -> StoredRecord {
        StoredRecord(
            generation: generation,
            bytes: [isMarked ? 1 : 0, UInt8(truncatingIfNeeded: grant), UInt8(truncatingIfNeeded: grant >> 8)])
    }

    private static func grant(of record: StoredRecord?) -> Int {
        record.map { Int($0.bytes[1]) | Int($0.bytes[2]) << 8 } ?? 0
    }
}

// The provider, and what must hold.
extension ReplicaSimulation {
    private mutating func spend(_ number: Int) -> RefreshMachine.Input? {
        if let answer = replicas[number].answer {
            replicas[number].answer = nil
            if answer == .granted { replicas[number].fresh = newest }
            if answer == .answerLost { replicas[number].wasAnswerLost = true }
            return answer
        }
        guard now < replicas[number].sendBefore, let grant = replicas[number].stored?.grant else { return .fenced }
        replicas[number].spent = grant
        let patience = replicas[number].sendBefore.since(now)
        let takes = chances.happens(.slow, oneIn: 4) ? chances.time(0...60_000) : chances.time(0...2000)
        let isLost = takes > patience || chances.happens(.unanswered, oneIn: 25)
        replicas[number].answer = answer(to: grant, isLost: isLost)
        replicas[number].readyAt = now + min(takes, patience)
        return nil
    }

    private mutating func answer(to grant: Int, isLost: Bool) -> RefreshMachine.Input {
        if chances.happens(.refused, oneIn: 12) {
            return isLost ? .answerLost : .refreshFailed(retryAfter: chances.one(in: 2) ? .seconds(9) : nil)
        }
        let (newest, isDead) = (newest, isFamilyDead)
        tell(nil, "the provider sees \(grant), the newest is \(newest)\(isDead ? ", all are dead" : "")")
        guard grant == newest, !isDead else {
            replayed(grant)
            return isLost ? .answerLost : .grantIsDead
        }
        self.newest += 1
        if isLost { wasDestroyed = true }
        return isLost ? .answerLost : .granted
    }

    /// Once a grant was destroyed its predecessor is tried again, which costs nothing more.
    private mutating func replayed(_ grant: Int) {
        isFamilyDead = true
        let isHeld = replicas.contains { $0.fresh != nil || $0.answer == .granted }
        if isHeld { fault = "token \(grant) is spent twice while its successor lives" }
        if !wasDestroyed { fault = "token \(grant) is spent twice" }
    }

    private mutating func check() {
        let stored = Self.grant(of: cell.record)
        if stored > newest { fault = "the store holds a grant that was never given" }
        if cell.record?.bytes.first == 1, !wasDestroyed { fault = "a login was lost" }
    }

    private mutating func tell(_ number: Int?, _ text: @autoclosure () -> String) {
        guard isTold else { return }
        let line = "\(now.milliseconds) \(number.map { "replica \($0)" } ?? "-"): \(text())"
        transcript.append(line)
    }
}
