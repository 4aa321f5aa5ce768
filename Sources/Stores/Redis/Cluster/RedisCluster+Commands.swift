import NIOCore
import Sessions

extension RedisCluster {
    func send(_ command: KeyedCommand, answer: @escaping RedisChannel.Answer) {
        let slot = KeySlot.of(command.key)
        guard let server = map?.master(of: slot) else {
            refresh.want()
            return answer(.failure(map == nil ? problem : Self.noMaster))
        }
        let deadline = node(at: server).deadline(for: command)
        go(Way(command: command, slot: slot, server: server, deadline: deadline, answer: answer))
    }

    func send(_ command: RedisCommand, to server: RedisServerAddress, answer: @escaping RedisChannel.Answer) {
        node(at: server).send(command, answer: answer)
    }

    func masters() -> Result<[RedisServerAddress], StoreError> {
        guard let map else { return .failure(problem) }
        guard map.isComplete else { return .failure(Self.noMaster) }
        return .success(Array(map.masters))
    }

    /// Asks every master, for each may see the cluster in another state.
    func ping(_ answer: @escaping (Result<Void, StoreError>) -> Void) {
        switch masters() {
        case .failure(let error):
            refresh.want()
            answer(.failure(error))
        case .success(let servers):
            let round = Round(waiting: servers.count, answer: answer)
            for server in servers {
                node(at: server).send(RedisCommand("CLUSTER", "INFO")) { round.heard($0) }
            }
        }
    }

    private static let noMaster = StoreError.unavailable("the cluster has slots without a master")
}

extension RedisCluster {
    /// A command that may be sent from one server to another.
    private struct Way {
        let command: KeyedCommand
        let slot: Int
        var server: RedisServerAddress
        var isAsking = false
        var turns = 0
        let deadline: NIODeadline
        let answer: RedisChannel.Answer

        static let mostTurns = 5
    }

    private func go(_ way: Way) {
        let node = node(at: way.server)
        node.send(way.command, isAsking: way.isAsking, deadline: way.deadline) { [self] result in
            guard case .success(.error(let text)) = result else { return way.answer(result) }
            if let redirection = ClusterRedirection(text, from: way.server) { return turn(way, redirection) }
            if RedisErrorText(text).isPassing { refresh.want() }
            way.answer(result)
        }
    }

    private func turn(_ way: Way, _ redirection: ClusterRedirection) {
        if redirection.kind == .moved { refresh.want() }
        guard let server = redirection.server, way.turns < Way.mostTurns, hasTime(way) else {
            return way.answer(.failure(.unavailable("the key is being moved within the cluster")))
        }
        switch redirection.kind {
        case .moved: learn(that: server, keeps: way.slot)
        case .ask: willAsk(server)
        }
        var way = way
        way.server = server
        way.isAsking = redirection.kind == .ask
        way.turns += 1
        go(way)
    }

    /// One that is sent in its last moments would end the connection by its lateness.
    private func hasTime(_ way: Way) -> Bool {
        way.deadline - .now() > TimeAmount(configuration.commandTimeout / 4)
    }

    /// Waits for all and gives the first failure, or success.
    private final class Round {
        private var waiting: Int
        private var failure: StoreError?
        private let answer: (Result<Void, StoreError>) -> Void

        init(waiting: Int, answer: @escaping (Result<Void, StoreError>) -> Void) {
            self.waiting = waiting
            self.answer = answer
        }

        func heard(_ result: Result<RESPValue, StoreError>) {
            waiting -= 1
            failure = failure ?? Round.failure(result)
            guard waiting == 0 else { return }
            answer(failure.map { .failure($0) } ?? .success(()))
        }

        private static func failure(_ result: Result<RESPValue, StoreError>) -> StoreError? {
            switch result {
            case .failure(let error): error
            case .success(.error(let text)): RedisErrorText(text).storeError
            case .success(let value): ClusterHealth.complaint(value).map { .unavailable($0) }
            }
        }
    }
}
