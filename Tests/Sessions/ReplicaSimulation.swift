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
        /// Until it finds another master of the store.
        var followsAt = Timestamp(milliseconds: 0)
        /// What it told the former master only.
        var unseen: StoredRecord?
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
    var replicas: [Replica] = []
    /// At the store's master, and at the one before.
    var cell = LeasedRecord(ReplicaSimulation.record(1, grant: 1))
    var formerCell = LeasedRecord(ReplicaSimulation.record(1, grant: 1))
    var masterSince: Timestamp?
    var formerSince: Timestamp?
    let failovers: Failovers
    var storeIsBackAt = Timestamp(milliseconds: 0)
    /// The grant whose refresh token the provider takes; grants are numbered.
    private(set) var newest = 1
    private var isFamilyDead = false
    /// Whether a grant was destroyed with the only process, or the answer, that had it.
    private(set) var wasDestroyed = false
    let name = RecordName("lakegate:{simulated}:session")
    let policy: RefreshPolicy

    /// Two to five replicas.
    init(
        seed: UInt64, policy: RefreshPolicy = RefreshPolicy(), failovers: Failovers = .none, isTold: Bool = false
    ) {
        self.init(
            Chances.seeded(SeededGenerator(state: seed)), replicas: 0, policy: policy, failovers: failovers,
            isTold: isTold)
        for _ in 0..<2 + chances.which(of: 4) { add() }
    }

    init(
        _ chances: Chances, replicas count: Int, policy: RefreshPolicy, failovers: Failovers = .none, isTold: Bool
    ) {
        self.failovers = failovers
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
        follow(number)
        step(number)
        check()
    }

    private mutating func disturb(_ number: Int) {
        if chances.happens(.crash, oneIn: 30) { crash(number) }
        if chances.happens(.pause, oneIn: 25) { pause(number) }
        if failovers != .none { return failOverPerhaps() }
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
        let replica = replicas[number]
        if replica.fresh != nil || replica.answer == .granted || replica.unseen != nil { wasDestroyed = true }
        let readyAt = now + chances.time(0...20_000)
        replicas[number] = Replica(machine: RefreshMachine(policy: policy), readyAt: readyAt)
        replicas[number].followsAt = replica.followsAt
        replicas[number].known = Self.grant(of: self[number].record)
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
        replicas[number].known = Self.grant(of: self[number].record)
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
            self[number].release(lease, keepingTrace: replicas[number].wasAnswerLost)
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
        case .readStore: return storeWorks() ? .storeShows(show(number, self[number].record)) : .storeFailed
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

    mutating func tell(_ number: Int?, _ text: @autoclosure () -> String) {
        guard isTold else { return }
        let line = "\(now.milliseconds) \(number.map { "replica \($0)" } ?? "-"): \(text())"
        transcript.append(line)
    }
}
