import NIOPosix
import Sessions
import Synchronization
import Testing

@testable import Stores

/// Whatever a server answers to whatever it is asked for: the store fails, and says that it has.
@Suite(.timeLimit(.minutes(3)))
struct StrangeAnswerTests {
    private static let passing = [
        "LOADING Redis is loading the dataset in memory", "READONLY You can't write against a read only replica.",
        "BUSY Redis is busy running a script", "MASTERDOWN Link with MASTER is down", "CLUSTERDOWN The cluster is down",
        "TRYAGAIN Multiple keys request during rehashing", "NOREPLICAS Not enough good replicas to write.",
    ]
    private static let lasting = [
        "OOM command not allowed when used memory > 'maxmemory'.", "NOAUTH Authentication required.",
        "NOPERM this user has no permissions", "WRONGTYPE Operation against a key", "MISCONF Redis is configured to",
        "ERR unknown command", "NOSCRIPT No matching script.", "UNHEARD of", "",
    ]
    private static let garbage = [
        "*2\r\n$1\r\n1\r\n$5\r\nab", "$99999999\r\nabc", "*", "HTTP/1.1 400 Bad Request\r\n\r\n", "*2147483647\r\n",
        "\u{0}\u{1}\u{2}\r\n", ":abc\r\n", "$-5\r\n", "*65\r\n",
    ]

    @Test(arguments: StoreCall.allCases, StrangeAnswerTests.passing)
    func anErrorThatPassesIsNotAvailable(_ call: StoreCall, _ text: String) async throws {
        try await expect(call, answered: "-\(text)\r\n") { error in
            if case .unavailable = error { true } else { false }
        }
    }

    @Test(arguments: StoreCall.allCases, StrangeAnswerTests.lasting)
    func anyOtherErrorIsARefusal(_ call: StoreCall, _ text: String) async throws {
        try await expect(call, answered: "-\(text)\r\n") { error in
            if case .refused = error { true } else { false }
        }
    }

    @Test(arguments: StoreCall.allCases, StrangeAnswerTests.garbage)
    func halfAnswersAndGarbageAreFailures(_ call: StoreCall, _ text: String) async throws {
        try await expect(call, answered: text) { _ in true }
    }

    @Test(arguments: StoreCall.allCases, ["MOVED 5 127.0.0.1:1", "ASK 5 127.0.0.1:1"])
    func anotherServerOfAClusterIsARefusal(_ call: StoreCall, _ text: String) async throws {
        try await expect(call, answered: "-\(text)\r\n") { error in
            error == .refused("the server is one of a cluster: write redis+cluster://")
        }
    }

    /// Nobody goes round and round in a cluster whose servers point at each other, or at nobody.
    @Test(
        arguments: StoreCall.allCases, ["MOVED 5 127.0.0.1:PORT", "ASK 5 :PORT", "MOVED 5 ?:PORT", "ASK 5 nonsense"])
    func aKeyThatNobodyHasIsNotAvailable(_ call: StoreCall, _ text: String) async throws {
        let port = Mutex(0)
        let turns = Mutex(0)
        let server = try await StrangeServer { command in
            let own = "\(port.withLock { $0 })"
            if command == "CLUSTER" { return "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(own)\r\n" }
            guard Self.questions.contains(command) else { return nil }
            turns.withLock { $0 += 1 }
            return "-\(text.replacing("PORT", with: own))\r\n"
        }
        port.withLock { $0 = server.port }
        var configuration = RedisConfiguration(host: "127.0.0.1", port: 1)
        configuration.cluster = [RedisServerAddress(host: "127.0.0.1", port: server.port)]
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
        while await outcome({ try await store.calls.masters() }).failure != nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        while store.marker.known == nil { try await Task.sleep(for: .milliseconds(5)) }
        let failure = await outcome { try await call.make(of: store) }.failure
        #expect(failure == .unavailable("the key is being moved within the cluster"))
        let count = turns.withLock { $0 }
        #expect((1...6).contains(count))
        await store.shutDown()
        try await server.close()
    }

    private static let questions: Set = ["HMGET", "EVALSHA", "EVAL", "DEL"]

    private func expect(
        _ call: StoreCall, answered text: String, _ isRight: (StoreError) -> Bool
    ) async throws {
        let server = try await StrangeServer { Self.questions.contains($0) ? text : nil }
        var configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        configuration.commandTimeout = .milliseconds(100)
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
        try await untilUp(store)
        let failure = await outcome { try await call.make(of: store) }.failure
        let isAsExpected = failure.map(isRight) ?? false
        #expect(isAsExpected, "\(String(describing: failure))")
        await store.shutDown()
        try await server.close()
    }
}
