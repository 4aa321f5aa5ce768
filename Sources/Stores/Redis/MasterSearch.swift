import NIOCore
import Sessions

/// Asks Sentinels where the master is, one after the other, until one knows. Lives on one event loop.
final class MasterSearch {
    typealias Found = (Result<RedisServerAddress, StoreError>) -> Void

    private let sentinels: RedisSentinels
    private let dialer: RedisDialer
    private let patience: TimeAmount
    private let found: Found
    private var next = 0
    private var problem = StoreError.unavailable("no Sentinel is configured")

    init(_ sentinels: RedisSentinels, dialer: RedisDialer, patience: TimeAmount, found: @escaping Found) {
        self.sentinels = sentinels
        self.dialer = dialer
        self.patience = patience
        self.found = found
    }

    func askNext() {
        guard next < sentinels.servers.count else { return found(.failure(problem)) }
        let server = sentinels.servers[next]
        next += 1
        dialer.dial(server) { [self] result in
            switch result {
            case .success(let channel): ask(channel)
            case .failure(let error):
                problem = .unavailable("no Sentinel answers: \(error)")
                askNext()
            }
        }
    }

    private func ask(_ channel: RedisChannel) {
        let question = RedisCommand("SENTINEL", "GET-MASTER-ADDR-BY-NAME", sentinels.master)
        channel.send(question, deadline: .now() + patience) { [self] answer in
            channel.close()
            if let server = server(answer) { return found(.success(server)) }
            problem = .unavailable("the Sentinels know no master of this name")
            askNext()
        }
    }

    private func server(_ answer: Result<RESPValue, StoreError>) -> RedisServerAddress? {
        guard case .success(.array(let parts)) = answer, parts.count == 2, let host = parts[0].text,
            let port = parts[1].text.flatMap({ Int($0) }), (1...65_535).contains(port)
        else { return nil }
        return RedisServerAddress(host: host, port: port)
    }
}
