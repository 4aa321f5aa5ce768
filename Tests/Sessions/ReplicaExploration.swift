import Basics

@testable import Sessions

/// Every order in which a few replicas can refresh one session, with every moment at which one of a few faults can happen.
///
/// Of orders that lead to the same state one is followed. Whoever is ready may be next; time goes on when nobody is.
struct ReplicaExploration {
    private struct State: Hashable {
        var now: Timestamp
        var replicas: [ReplicaSimulation.Replica]
        var cell: LeasedRecord
        var newest: Int
        var wasDestroyed: Bool
        var left: [Chances.Fault: Int]
    }

    private struct Visit {
        var simulation: ReplicaSimulation
        /// Who was next, and what was chosen for it: enough to do it again.
        var path: [(replica: Int, choices: [Int])]
    }

    /// How many states there are.
    var count: Int { seen.count }
    /// The worst that can be: grants of which the tokens were given.
    private(set) var mostGrants = 0
    /// What must not happen, and does, with the way that leads there.
    private(set) var fault: String?
    /// Hashes, since states are large: that two of a million share one has a chance of 3 in 100 million.
    private var seen: Set<Int> = []
    private var visits: [Visit] = []
    private let replicas: Int
    private let policy: RefreshPolicy
    private let faults: [Chances.Fault: Int]

    init(replicas: Int, policy: RefreshPolicy, faults: [Chances.Fault: Int]) {
        self.replicas = replicas
        self.policy = policy
        self.faults = faults
    }

    mutating func run() {
        visits = [Visit(simulation: start(isTold: false), path: [])]
        while let visit = visits.popLast(), fault == nil {
            for replica in whoIsNext(visit.simulation) { follow(visit, replica) }
        }
    }

    private func start(isTold: Bool) -> ReplicaSimulation {
        let script = Chances.Script(left: faults)
        return ReplicaSimulation(.scripted(script), replicas: replicas, policy: policy, isTold: isTold)
    }

    /// Each replica refreshes once.
    private func whoIsNext(_ simulation: ReplicaSimulation) -> [Int] {
        let working = simulation.replicas.indices.filter { simulation.replicas[$0].refreshes == 0 }
        guard let soonest = working.map({ simulation.replicas[$0].readyAt }).min() else { return [] }
        return working.filter { simulation.replicas[$0].readyAt <= max(simulation.now, soonest) }
    }

    /// Every way in which the replica's next event can go.
    private mutating func follow(_ visit: Visit, _ replica: Int) {
        var scripts: [[Int]] = [[]]
        while let choices = scripts.popLast() {
            var next = visit
            guard let script = next.simulation.event(replica, choosing: choices) else { return }
            scripts += script.branches
            next.path.append((replica, choices))
            arrive(next, left: script.left)
        }
    }

    private mutating func arrive(_ visit: Visit, left: [Chances.Fault: Int]) {
        let at = visit.simulation
        if let found = at.fault { fault = "\(found)\n\(transcript(of: visit))" }
        mostGrants = max(mostGrants, at.newest)
        let state = State(
            now: at.now, replicas: at.replicas, cell: at.cell, newest: at.newest, wasDestroyed: at.wasDestroyed,
            left: left)
        if seen.insert(state.hashValue).inserted { visits.append(visit) }
    }

    private func transcript(of visit: Visit) -> String {
        var told = start(isTold: true)
        for (replica, choices) in visit.path { _ = told.event(replica, choosing: choices) }
        return told.transcript.joined(separator: "\n")
    }
}

extension ReplicaSimulation {
    /// The next event of a replica by a script, which comes back with what could have been chosen.
    fileprivate mutating func event(_ number: Int, choosing choices: [Int]) -> Chances.Script? {
        guard case .scripted(var script) = chances else { return nil }
        script.choices = choices
        script.widths = []
        chances = .scripted(script)
        event(number)
        guard case .scripted(let after) = chances else { return nil }
        return after
    }
}
