import Basics
import Foundation
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

    @Test func aStoreThatIsAwayForLongIsAskedAgainSoon() {
        var machine = RefreshMachine(policy: RefreshPolicy())
        var now = Timestamp(milliseconds: 0)
        for _ in 0..<20 {
            #expect(machine.receive(.needed(isHurried: true), now: now, jitter: 0) == .acquireLease)
            let until = now + .seconds(2)
            #expect(machine.receive(.storeFailed, now: now, jitter: 1) == .finish(.failed(until: until)))
            now = until
        }
        #expect(machine.failures == 0)
        _ = machine.receive(.needed(isHurried: true), now: now, jitter: 0)
        _ = machine.receive(.leased(.sameGrant, trace: nil), now: now, jitter: 0)
        let sooner = now + .seconds(1)
        #expect(machine.receive(.storeFailed, now: now, jitter: 0) == .finish(.failed(until: sooner)))
        #expect(machine.failures == 0)
    }

    @Test func whatMakesNoSenseIsIgnored() {
        var machine = RefreshMachine(policy: RefreshPolicy())
        let now = Timestamp(milliseconds: 0)
        #expect(machine.receive(.granted, now: now, jitter: 0) == .ignore)
        #expect(machine.receive(.written, now: now, jitter: 0) == .ignore)
        #expect(machine.receive(.needed(isHurried: true), now: now, jitter: 0) == .acquireLease)
        #expect(machine.receive(.needed(isHurried: true), now: now, jitter: 0) == .ignore)
        #expect(machine.receive(.intended, now: now, jitter: 0) == .ignore)
    }

    @Test func aTokenThatMayHaveBeenSpentIsLeftAloneForAWhile() {
        var policy = RefreshPolicy()
        #expect(policy.patience > policy.leaseLife)
        #expect(policy.verdict(traceAge: .seconds(5)) == .leaveAlone(policy.patience - .seconds(5)))
        #expect(policy.verdict(traceAge: policy.patience) == .waitAndSpend)
        policy.grace = .seconds(30)
        #expect(policy.verdict(traceAge: .seconds(5)) == .spend)
        #expect(policy.verdict(traceAge: .seconds(30)) == .leaveAlone(policy.patience - .seconds(30)))
    }

    /// Two to five replicas that crash and are stopped, a store that fails, a provider that is slow, fails and loses its
    /// answers; 100,000 schedules. A seed that fails prints its transcript.
    @Test(arguments: 0..<100)
    func noTokenIsSpentTwiceAndNoneIsLost(_ hundredth: UInt64) {
        for seed in hundredth * 1000..<(hundredth + 1) * 1000 {
            var simulation = ReplicaSimulation(seed: seed)
            simulation.run()
            guard let fault = simulation.fault else { continue }
            var told = ReplicaSimulation(seed: seed, isTold: true)
            told.run()
            Issue.record("seed \(seed): \(fault)\n\(told.transcript.joined(separator: "\n"))")
            return
        }
    }

    /// The former master goes on granting leases for up to three seconds; 20,000 schedules.
    @Test(arguments: 0..<20)
    func noTokenIsSpentTwiceByTwoMasters(_ thousand: UInt64) {
        for seed in thousand * 1000..<(thousand + 1) * 1000 {
            var simulation = ReplicaSimulation(seed: seed, failovers: .noticed)
            simulation.run()
            guard let fault = simulation.fault else { continue }
            var told = ReplicaSimulation(seed: seed, failovers: .noticed, isTold: true)
            told.run()
            Issue.record("seed \(seed): \(fault)\n\(told.transcript.joined(separator: "\n"))")
            return
        }
    }

    /// The simulation would see it.
    @Test func twoMastersAreCaught() {
        let faults = (0..<3000 as Range<UInt64>).compactMap { seed in
            var simulation = ReplicaSimulation(seed: seed, failovers: .unnoticed)
            simulation.run()
            return simulation.fault
        }
        #expect(!faults.isEmpty)
    }

    @Test func aYoungMasterMakesATokenOneThatMayHaveBeenSpent() {
        var policy = RefreshPolicy()
        #expect(policy.traceAge(intent: nil, master: nil) == nil)
        #expect(policy.traceAge(intent: nil, master: policy.patience) == nil)
        #expect(policy.traceAge(intent: nil, master: .seconds(3)) == .seconds(3))
        #expect(policy.traceAge(intent: .seconds(50), master: .seconds(3)) == .seconds(3))
        #expect(policy.traceAge(intent: .seconds(2), master: .seconds(3)) == .seconds(2))
        #expect(policy.traceAge(intent: .seconds(50), master: policy.patience) == .seconds(50))
        policy.grace = .seconds(30)
        #expect(policy.traceAge(intent: .seconds(50), master: .seconds(3)) == .seconds(50))
    }

    /// The simulation would see it: here without a lease that outlives the answer.
    @Test func carelessReplicasAreCaught() {
        var policy = RefreshPolicy()
        (policy.leaseLife, policy.patience, policy.lastWait) = (.seconds(1), .zero, .zero)
        let faults = (0..<3000 as Range<UInt64>).compactMap { seed in
            var simulation = ReplicaSimulation(seed: seed, policy: policy)
            simulation.run()
            return simulation.fault
        }
        #expect(!faults.isEmpty)
    }

    private static var short: RefreshPolicy {
        var policy = RefreshPolicy(answerTime: .seconds(4))
        policy.mostWaits = 1
        return policy
    }

    private typealias Trial = (replicas: Int, faults: [Chances.Fault: Int])

    /// Three replicas, a crash and a pause are four minutes of LAKEGATE_FULL=1.
    private static var trials: [Trial] {
        let usual: [Trial] = [(2, [.crash: 1, .pause: 1]), (3, [.pause: 1])]
        guard ProcessInfo.processInfo.environment["LAKEGATE_FULL"] == "1" else { return usual }
        return usual + [(3, [.crash: 1]), (2, [.crash: 1, .pause: 1, .storeFails: 1]), (3, [.crash: 1, .pause: 1])]
    }

    /// All there is, where the simulation above takes samples.
    @Test(.serialized, arguments: trials)
    func inNoOrderOfEventsIsATokenSpentTwice(_ replicas: Int, _ faults: [Chances.Fault: Int]) {
        var exploration = ReplicaExploration(replicas: replicas, policy: Self.short, faults: faults)
        exploration.run()
        print("\(replicas) replicas, \(faults): \(exploration.count) states")
        if let fault = exploration.fault { Issue.record("\(fault)") }
        #expect(exploration.count > 1000 && exploration.mostGrants > 1)
    }

    /// The exploration would find it: without patience, or without a lease that outlives the answer.
    @Test(arguments: [true, false])
    func anOrderOfEventsThatCostsALoginIsFound(_ isImpatient: Bool) {
        var policy = Self.short
        (policy.patience, policy.lastWait) = (.zero, .zero)
        if !isImpatient { policy.leaseLife = .seconds(1) }
        var exploration = ReplicaExploration(replicas: 2, policy: policy, faults: [.pause: 1])
        exploration.run()
        #expect(exploration.fault?.contains("is spent twice") == true)
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
