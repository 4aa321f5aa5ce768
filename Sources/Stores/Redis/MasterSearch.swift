import NIOCore
import Sessions

/// Asks Sentinels which server is the master, and since when, one after the other, until one knows. Lives on one event loop.
final class MasterSearch {
    typealias Found = (Result<RedisMaster, StoreError>) -> Void

    private let sentinels: RedisSentinels
    private let dialer: RedisDialer
    private let loop: any EventLoop
    private let patience: TimeAmount
    private let found: Found
    private var next = 0
    private var problem = StoreError.unavailable("no Sentinel is configured")

    init(
        _ sentinels: RedisSentinels, dialer: RedisDialer, loop: any EventLoop, patience: TimeAmount,
        found: @escaping Found
    ) {
        self.sentinels = sentinels
        self.loop = loop
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
            case .success(let channel): introduce(channel)
            case .failure(let error): goOn(after: "no Sentinel answers: \(error)")
            }
        }
    }

    private func introduce(_ channel: RedisChannel) {
        let deadline = NIODeadline.now() + patience
        RedisIntroduction(login: sentinels.login).run(on: channel, loop: loop, deadline: deadline) { [self] result in
            switch result {
            case .success: ask(channel, deadline)
            case .failure(let error):
                channel.close()
                goOn(after: "a Sentinel lets nobody in: \(error)")
            }
        }
    }

    private func ask(_ channel: RedisChannel, _ deadline: NIODeadline) {
        let facts = Facts()
        channel.send(RedisCommand("SENTINEL", "MASTER", sentinels.master), deadline: deadline) { answer in
            facts.value = try? answer.get()
        }
        let question = RedisCommand("SENTINEL", "GET-MASTER-ADDR-BY-NAME", sentinels.master)
        channel.send(question, deadline: deadline) { [self] answer in
            channel.close()
            if case .success(let address) = answer, let master = RedisMaster(address: address, facts: facts.value) {
                return found(.success(master))
            }
            goOn(after: MasterSearch.complaint(answer))
        }
    }

    private func goOn(after problem: String) {
        self.problem = .unavailable(problem)
        askNext()
    }

    private static func complaint(_ answer: Result<RESPValue, StoreError>) -> String {
        switch answer {
        case .failure(let error): "no Sentinel answers: \(error)"
        case .success(.error(let text)): "a Sentinel answers \(RedisErrorText(text).code)"
        case .success: "the Sentinels know no master of this name"
        }
    }

    private final class Facts {
        var value: RESPValue?
    }
}
