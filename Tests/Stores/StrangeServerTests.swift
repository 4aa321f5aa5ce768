import NIOPosix
import Sessions
import Testing

@testable import Stores

/// Against a server that speaks RESP badly: whatever it says, a record is never taken for absent.
@Suite(.timeLimit(.minutes(1)))
struct StrangeServerTests {
    @Test(arguments: [
        "-LOADING Redis is loading the dataset in memory\r\n", "-READONLY You can't write\r\n", "-NOAUTH required\r\n",
        "-ERR something secret\r\n", "+OK\r\n", "$-1\r\n", "*-1\r\n", ":0\r\n", "*0\r\n", "*1\r\n$-1\r\n",
        "*2\r\n$1\r\n1\r\n$-1\r\n", "*2\r\n$-1\r\n$1\r\nx\r\n", "*3\r\n$-1\r\n$-1\r\n$-1\r\n",
        "*2\r\n$1\r\nx\r\n$1\r\nx\r\n",
        "*2\r\n*2\r\n$-1\r\n$-1\r\n$-1\r\n", "*2147483647\r\n", "*65\r\n", "$99999999\r\nabc",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "*2\r\n$1\r\n1\r\n$5\r\nabc", "*", "\u{0}\u{1}\u{2}\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "$-5\r\n", "*-2\r\n", ":abc\r\n", "$9223372036854775807\r\n",
    ])
    func isNeverAbsent(_ answer: String) async throws {
        let server = try await StrangeServer { command in
            command == "HMGET" || command == "EVALSHA" || command == "DEL" ? answer : nil
        }
        var configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        configuration.commandTimeout = .milliseconds(200)
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
        try await untilUp(store)
        await #expect(throws: StoreError.self) { _ = try await store.read(RecordName("name")) }
        try await untilUp(store)
        await #expect(throws: StoreError.self) { _ = try await store.take(RecordName("name")) }
        await store.shutDown()
        try await server.close()
    }

    @Test(arguments: [
        "-NOPERM this user\r\n", "+OK\r\n", "*-1\r\n", "*0\r\n", "*1\r\n$1\r\n0\r\n", "*2\r\n$1\r\n0\r\n$-1\r\n",
        "*2\r\n$1\r\nx\r\n*0\r\n", "*2\r\n$2\r\n-1\r\n*0\r\n", "*2\r\n*0\r\n*0\r\n",
    ])
    func aListIsNeverTakenForEmpty(_ answer: String) async throws {
        let server = try await StrangeServer { $0 == "SCAN" ? answer : nil }
        let configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
        await #expect(throws: StoreError.self) { _ = try await store.sessionNames(from: nil) }
        await store.shutDown()
        try await server.close()
    }

    @Test func namesOfOthersInAListAreLeftOut() async throws {
        let name = RecordName.session(SessionID(high: 1, low: 2))
        let others = ["lakegate:{x}:session", "other", "lakegate:{\(SessionID(high: 1, low: 3).text)}:flow", "\u{e4}"]
        let names = ([name.text] + others).map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        let server = try await StrangeServer {
            $0 == "SCAN" ? "*2\r\n$20\r\n18446744073709551615\r\n*6\r\n$-1\r\n\(names)" : nil
        }
        let configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
        let page = try await store.sessionNames(from: nil)
        #expect(page == NamePage(names: [name], next: ListingPlace("127.0.0.1:\(server.port) 18446744073709551615")))
        await store.shutDown()
        try await server.close()
    }

    @Test func theServersWordsAreNotRepeated() {
        #expect(RedisErrorText("ERR something secret").storeError == .refused("the server answers ERR"))
        #expect(RedisErrorText("secret").storeError == .refused("the server answers an error"))
    }

    /// As Redis 6.2 words it.
    @Test func anErrorWithinAScriptIsFound() {
        let start = "ERR Error running script (call to f_0123): @user_script:4: @user_script: 4: -"
        #expect(
            RedisErrorText(start + "READONLY You can't write against a read only replica.").storeError
                == .unavailable("the server answers READONLY"))
        #expect(RedisErrorText(start + "secret").storeError == .refused("the server answers ERR"))
    }

    @Test func aServerThatIsLoadingIsNotUpYet() async throws {
        let server = try await StrangeServer { _ in "-LOADING Redis is loading\r\n" }
        let configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
        await #expect(throws: StoreError.unavailable("the server answers LOADING")) { try await store.ping() }
        await store.shutDown()
        try await server.close()
    }

    @Test func repliesInPiecesAreWaitedFor() throws {
        let reader = RESPReader()
        let bytes = Array("*2\r\n$1\r\n7\r\n$3\r\nabc\r\n+OK\r\n".utf8)
        var replies: [RESPValue] = []
        for byte in bytes {
            try withUnsafeBytes(of: byte) { bytes in try reader.feed(bytes) }
            while let reply = try reader.next() { replies.append(reply) }
        }
        #expect(replies == [.array([.bulk([55]), .bulk(Array("abc".utf8))]), .status("OK")])
    }
}
