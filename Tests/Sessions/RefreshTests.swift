import Basics
import Testing

@testable import Sessions

struct RefreshTests {
    @Test(arguments: [(3600, 360), (7200, 720), (600, 300), (100, 50), (20, 10), (0, 0), (-5, 0), (86_400, 8640)])
    func theWindow(_ life: Int, _ window: Int) {
        #expect(RefreshPolicy().latestWindow(life: .seconds(life)) == .seconds(window))
    }

    @Test func jitterOnlyEverMovesEarlier() {
        let start = Timestamp(milliseconds: 0)
        for life in [20, 600, 3600] {
            let end = start + .seconds(life)
            let latest = end - RefreshPolicy().latestWindow(life: .seconds(life))
            for jitter in [0, 0.3, 0.999, 7] {
                let due = RefreshPolicy().dueAt(obtainedAt: start, expiresAt: end, jitter: jitter)
                #expect(due <= latest)
                #expect(due >= latest - RefreshPolicy().latestWindow(life: .seconds(life)) * 0.1001)
                #expect(due > start)
            }
        }
    }

    @Test func pausesGrowAndFollowTheProvider() {
        let policy = RefreshPolicy()
        #expect(policy.pause(failures: 1, asked: nil, jitter: 0) == .milliseconds(500))
        #expect(policy.pause(failures: 1000, asked: nil, jitter: 1) == .seconds(60))
        #expect(policy.pause(failures: 1, asked: .seconds(90), jitter: 0) == .seconds(90))
        #expect(policy.pause(failures: 1, asked: .seconds(1_000_000), jitter: 0) == .seconds(300))
    }

    @Test func whatMakesNoSenseIsIgnored() {
        var machine = RefreshMachine(policy: RefreshPolicy())
        let now = Timestamp(milliseconds: 0)
        #expect(machine.receive(.granted, now: now, jitter: 0) == .ignore)
        #expect(machine.receive(.written, now: now, jitter: 0) == .ignore)
        #expect(machine.receive(.needed, now: now, jitter: 0) == .acquireLease)
        #expect(machine.receive(.needed, now: now, jitter: 0) == .ignore)
        #expect(machine.receive(.leaseHeldElsewhere, now: now, jitter: 0) != .ignore)
    }

    /// A provider whose tokens work once, a store that fails and writers that interfere, in 3,000 different ways.
    @Test(arguments: 0..<3000)
    func noTokenIsSpentTwiceAndNoneIsLost(_ seed: UInt64) {
        var simulation = RefreshSimulation(seed: seed)
        simulation.run(refreshes: 10)
        #expect(simulation.replays == 0)
        #expect(simulation.storedToken == simulation.newestToken)
    }

    @Test func theQueueIsInOrder() {
        var queue = DueQueue()
        var generator = SeededGenerator(state: 3)
        for _ in 0..<1000 {
            let at = Timestamp(milliseconds: .random(in: 0..<500, using: &generator))
            queue.insert(DueQueue.Entry(at: at, id: SessionID(high: 0, low: 0)))
        }
        var taken: [Timestamp] = []
        while let entry = queue.popDue(Timestamp(milliseconds: 399)) { taken.append(entry.at) }
        #expect(taken == taken.sorted())
        #expect(taken.count + queue.count == 1000)
        #expect(queue.first?.at.milliseconds ?? 400 >= 400)
    }
}

/// Plays provider, store and other writers against one machine.
private struct RefreshSimulation {
    var generator: SeededGenerator
    var machine = RefreshMachine(policy: RefreshPolicy())
    var now = Timestamp(milliseconds: 0)
    var (storedToken, newestToken) = (1, 1)
    var (replays, spentToken, readToken) = (0, 0, 0)
    var (storedVersion, readVersion) = (1, 1)

    init(seed: UInt64) {
        generator = SeededGenerator(state: seed)
    }

    mutating func run(refreshes: Int) {
        for _ in 0..<refreshes {
            now = now + .seconds(400)
            let startToken = storedToken
            var action = receive(.needed)
            while true {
                if case .finish = action { break }
                action = receive(answer(action, startToken: startToken))
            }
        }
    }

    private mutating func receive(_ input: RefreshMachine.Input) -> RefreshMachine.Action {
        machine.receive(input, now: now, jitter: .random(in: 0..<1, using: &generator))
    }

    private mutating func answer(_ action: RefreshMachine.Action, startToken: Int) -> RefreshMachine.Input {
        if chance(5) { storedVersion += 1 }
        switch action {
        case .acquireLease: return chance(10) ? .leaseHeldElsewhere : .leaseGranted
        case .readStore:
            if chance(4) { return .storeFailed }
            (readToken, readVersion) = (storedToken, storedVersion)
            return .storeShows(storedToken > startToken ? .newerGrant : .sameGrant)
        case .spend: return spend()
        case .storeGrant: return store()
        case .pause: return .pauseOver
        case .storeLoginNeeded, .finish, .ignore:
            Issue.record("did not expect \(action)")
            return .written
        }
    }

    private mutating func spend() -> RefreshMachine.Input {
        if chance(4) { return .refreshFailed(retryAfter: chance(2) ? .seconds(9) : nil) }
        guard readToken == newestToken, readToken > spentToken else {
            replays += 1
            return .grantIsDead
        }
        spentToken = readToken
        newestToken += 1
        return .granted
    }

    private mutating func store() -> RefreshMachine.Input {
        if chance(3) { return .storeFailed }
        guard storedVersion == readVersion else { return .conflicted }
        storedVersion += 1
        storedToken = newestToken
        return chance(4) ? .storeFailed : .written
    }

    private mutating func chance(_ oneIn: Int) -> Bool {
        Int.random(in: 0..<oneIn, using: &generator) == 0
    }
}
