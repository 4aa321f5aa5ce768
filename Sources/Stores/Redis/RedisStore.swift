import Basics
import NIOCore
import Sessions

/// Records in Redis: a hash of generation (`g`) and sealed bytes (`b`) under each name, with an expiry.
public final class RedisStore: RecordStore {
    private let fleet: NIOLoopBound<RedisFleet>
    private let loop: any EventLoop
    private let onError: @Sendable (StoreError) -> Void
    private let listeners: Listeners
    let marker: LossMarker

    /// Starts to connect and goes on trying; never fails, even if there is no server yet.
    /// `onError` hears of every operation that failed, `onNews` when Redis goes away and when it is back.
    public static func connect(
        _ configuration: RedisConfiguration, on group: any EventLoopGroup, random: RandomSource = .system,
        onError: @escaping @Sendable (StoreError) -> Void = { _ in },
        onNews: @escaping @Sendable (RedisNews) -> Void = { _ in }
    ) async -> RedisStore {
        let loop = group.next()
        let listeners = Listeners()
        let fleet = await withCheckedContinuation { continuation in
            loop.execute {
                let fleet = RedisFleet(configuration, loop: loop, random: random, onNews: onNews) {
                    listeners.tell($0)
                }
                continuation.resume(returning: NIOLoopBound(fleet, eventLoop: loop))
            }
        }
        let store = RedisStore(
            fleet: fleet, listeners: listeners, marker: LossMarker(random), loop: loop, onError: onError)
        store.lookAtMarkerOnceConnected()
        loop.execute { fleet.value.start() }
        return store
    }

    private init(
        fleet: NIOLoopBound<RedisFleet>, listeners: Listeners, marker: LossMarker, loop: any EventLoop,
        onError: @escaping @Sendable (StoreError) -> Void
    ) {
        self.marker = marker
        self.fleet = fleet
        self.listeners = listeners
        self.loop = loop
        self.onError = onError
    }

    public func listen(_ tell: @escaping @Sendable (StoreChange) -> Void) {
        listeners.add(tell)
    }

    /// Closes the connection; what is still waiting fails.
    public func shutDown() async {
        await withCheckedContinuation { continuation in
            loop.execute { [fleet] in
                fleet.value.shutDown()
                continuation.resume()
            }
        }
    }

    public func read(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try checked(try await run("HMGET", name, "g", "b"), Self.record)
    }

    public func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        try await write(name, record, replacing: expected, life: life, intent: "")
    }

    public func restore(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, digest: String, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        try await write(name, record, replacing: expected, life: life, intent: digest)
    }

    private func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration, intent digest: String
    ) async throws(StoreError) -> WriteOutcome {
        let texts = [String(expected), String(record.generation)].map { Array($0.utf8) }
        let reply = try await run(
            .write, name,
            texts + [record.bytes, Self.life(life), Self.channel(for: name), Array(digest.utf8)])
        return try checked(reply) { value throws(StoreError) in
            switch value {
            case .status("OK"): return .written
            case .bulk(let bytes) where bytes == Self.endMark: return .ended
            case .bulk(let bytes):
                guard let current = UInt64(String(decoding: bytes, as: UTF8.self)) else { throw Self.nonsense }
                return .conflict(current: current)
            default: throw Self.nonsense
            }
        }
    }

    @discardableResult
    public func end(_ name: RecordName, life: Duration) async throws(StoreError) -> StoredRecord? {
        try checked(try await run(.end, name, [Self.life(life), Self.channel(for: name)]), Self.record)
    }

    public func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try checked(try await run(.take, name, []), Self.record)
    }

    public func ping() async throws(StoreError) {
        let result = await onLoop { servers, answer in servers.ping(answer) }
        try heard(result)
    }
}

extension RedisStore {
    static let channel = "lakegate:changes"
    static let endMark = Array("x".utf8)

    static func channel(for name: RecordName) -> [UInt8] {
        name.isAnnounced ? Array(channel.utf8) : []
    }

    static func life(_ life: Duration) -> [UInt8] {
        Array(String(min(max(life.milliseconds, 1), longestLife)).utf8)
    }

    func expectOK(_ script: RedisScript, _ name: RecordName, _ arguments: [[UInt8]]) async throws(StoreError) {
        try checked(try await run(script, name, arguments)) { value throws(StoreError) in
            guard value == .status("OK") else { throw Self.nonsense }
        }
    }

    static let nonsense = StoreError.refused("the answer makes no sense")
    /// Ten years: an expiry that no Redis takes for an overflow.
    private static let longestLife: Int64 = 315_360_000_000

    /// Generation and bytes; both missing means that there is no record, one missing that something is wrong.
    private static func record(_ value: RESPValue) throws(StoreError) -> StoredRecord? {
        switch value {
        case .array([.null, .null]), .array([.bulk(endMark), .null]): return nil
        case .array(let parts) where parts.count == 2:
            guard case .bulk(let bytes) = parts[1], let generation = parts[0].text.flatMap({ UInt64($0) }) else {
                throw nonsense
            }
            return StoredRecord(generation: generation, bytes: bytes)
        default: throw nonsense
        }
    }

    /// Errors of the server and answers of the wrong shape become errors of the store, never "absent".
    func checked<Answer>(
        _ value: RESPValue, _ read: (RESPValue) throws(StoreError) -> Answer
    ) throws(StoreError) -> Answer {
        do throws(StoreError) {
            if case .error(let text) = value { throw RedisErrorText(text).storeError }
            return try read(value)
        } catch {
            onError(error)
            throw error
        }
    }

    private func run(
        _ word: String, _ name: RecordName, _ arguments: String...
    ) async throws(StoreError) -> RESPValue {
        let command = RedisCommand(([word, name.text] + arguments).map { Array($0.utf8) })
        return try await run(KeyedCommand(key: command.words[1]) { _ in command })
    }

    /// By digest where the connection knows it; in full if the server has forgotten the script.
    func run(
        _ script: RedisScript, _ name: RecordName, _ arguments: [[UInt8]]
    ) async throws(StoreError) -> RESPValue {
        let key = Array(name.text.utf8)
        let reply = try await run(
            KeyedCommand(key: key, isAcknowledged: script.isLasting && name.isAnnounced) {
                script.command(sha: $0.shas[script], key: key, arguments: arguments)
            })
        guard case .error(let text) = reply, RedisErrorText(text).code == "NOSCRIPT" else { return reply }
        return try await run(
            KeyedCommand(key: key, isAcknowledged: script.isLasting && name.isAnnounced) { _ in
                script.command(sha: nil, key: key, arguments: arguments)
            })
    }

    private func run(_ command: KeyedCommand) async throws(StoreError) -> RESPValue {
        try heard(await onLoop { servers, answer in servers.send(command, answer: answer) })
    }

    /// Every server that keeps keys. For what concerns all keys, such as `SCAN`.
    func masters() async throws(StoreError) -> [RedisServerAddress] {
        try heard(await onLoop { servers, answer in answer(servers.masters()) })
    }

    /// Gives a command without a key to one of ``masters()``.
    func run(_ command: RedisCommand, on master: RedisServerAddress) async throws(StoreError) -> RESPValue {
        try heard(await onLoop { servers, answer in servers.send(command, to: master, answer: answer) })
    }

    private func onLoop<Answer: Sendable>(
        _ call: @escaping @Sendable (any RedisServers, @escaping (Result<Answer, StoreError>) -> Void) -> Void
    ) async -> Result<Answer, StoreError> {
        await withCheckedContinuation { continuation in
            loop.execute { [fleet] in call(fleet.value.servers) { continuation.resume(returning: $0) } }
        }
    }

    private func heard<Answer>(_ result: Result<Answer, StoreError>) throws(StoreError) -> Answer {
        if case .failure(let error) = result { onError(error) }
        return try result.get()
    }
}
