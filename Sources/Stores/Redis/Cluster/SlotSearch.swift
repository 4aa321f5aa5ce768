import NIOCore
import Sessions

/// Asks servers of a cluster who keeps which slot, one after the other, until one knows. Lives on one event loop.
///
/// On connections of its own: an answer may be long.
final class SlotSearch {
    typealias Found = (Result<SlotMap, StoreError>) -> Void

    private let configuration: RedisConfiguration
    private let dialer: RedisDialer
    private let loop: any EventLoop
    private var servers: ArraySlice<RedisServerAddress>
    private let found: Found
    private var problem = StoreError.unavailable("no server of the cluster is known")

    init(
        _ servers: [RedisServerAddress], _ configuration: RedisConfiguration, dialer: RedisDialer,
        loop: any EventLoop, found: @escaping Found
    ) {
        self.loop = loop
        self.servers = servers[...]
        self.configuration = configuration
        self.dialer = dialer
        self.found = found
    }

    func askNext() {
        guard let server = servers.popFirst() else { return found(.failure(problem)) }
        dialer.dial(server, mostElements: SlotMap.mostElements) { [self] result in
            switch result {
            case .success(let channel): introduce(channel, server)
            case .failure(let error): goOn(after: error)
            }
        }
    }

    private func introduce(_ channel: RedisChannel, _ server: RedisServerAddress) {
        let deadline = NIODeadline.now() + TimeAmount(configuration.commandTimeout)
        let introduction = RedisIntroduction(login: configuration.login)
        introduction.run(on: channel, loop: loop, deadline: deadline) { [self] result in
            switch result {
            case .success: ask(channel, server, deadline)
            case .failure(let error):
                channel.close()
                goOn(after: error)
            }
        }
    }

    private func ask(_ channel: RedisChannel, _ server: RedisServerAddress, _ deadline: NIODeadline) {
        channel.send(RedisCommand("CLUSTER", "SLOTS"), deadline: deadline) { [self] answer in
            channel.close()
            switch answer.flatMap({ SlotSearch.map($0, of: server) }) {
            case .success(let map): found(.success(map))
            case .failure(let error): goOn(after: error)
            }
        }
    }

    private func goOn(after error: StoreError) {
        problem = error
        askNext()
    }

    private static func map(_ answer: RESPValue, of server: RedisServerAddress) -> Result<SlotMap, StoreError> {
        if case .error(let text) = answer {
            let error = RedisErrorText(text)
            guard error.code == "ERR" else { return .failure(error.storeError) }
            return .failure(.refused("\(server) is not part of a Redis Cluster"))
        }
        guard let map = SlotMap(answer, of: server) else {
            return .failure(.refused("\(server) does not say who keeps which slot"))
        }
        guard !map.masters.isEmpty else { return .failure(.unavailable("\(server) belongs to no cluster yet")) }
        return .success(map)
    }
}
