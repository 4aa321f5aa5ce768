import NIOCore
import NIOPosix
import Sessions
import TLS

/// Asks Sentinels where the master is, one after the other, until one knows. Lives on one event loop.
final class MasterSearch {
    typealias Found = (Result<RedisSentinels.Server, StoreError>) -> Void

    private let sentinels: RedisSentinels
    private let loop: any EventLoop
    private let patience: TimeAmount
    private let found: Found
    private var next = 0
    private var problem = StoreError.unavailable("no Sentinel is configured")

    init(_ sentinels: RedisSentinels, loop: any EventLoop, patience: TimeAmount, found: @escaping Found) {
        self.sentinels = sentinels
        self.loop = loop
        self.patience = patience
        self.found = found
    }

    func askNext() {
        guard next < sentinels.servers.count else { return found(.failure(problem)) }
        let server = sentinels.servers[next]
        next += 1
        let channel = RedisChannel()
        let bound = NIOLoopBound(channel, eventLoop: loop)
        ClientBootstrap(group: loop)
            .connectTimeout(patience)
            .channelInitializer { socket in
                socket.eventLoop.makeCompletedFuture { try socket.pipeline.syncOperations.addHandler(bound.value) }
            }
            .connect(host: server.host, port: server.port)
            .assumeIsolated()
            .whenComplete { [self] result in
                switch result {
                case .success: ask(channel)
                case .failure(let error):
                    let text = ConnectFailure.text(error, host: server.host, port: server.port)
                    problem = .unavailable("no Sentinel answers: \(text)")
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

    private func server(_ answer: Result<RESPValue, StoreError>) -> RedisSentinels.Server? {
        guard case .success(.array(let parts)) = answer, parts.count == 2, let host = parts[0].text,
            let port = parts[1].text.flatMap({ Int($0) }), (1...65_535).contains(port)
        else { return nil }
        return RedisSentinels.Server(host: host, port: port)
    }
}
