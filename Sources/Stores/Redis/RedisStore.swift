import Basics
import NIOCore
import Sessions

/// Records in Redis: a hash of generation (`g`) and sealed bytes (`b`) under each name, with an expiry.
public final class RedisStore: RecordStore {
    let calls: RedisCalls
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
            RedisCalls(fleet: fleet, loop: loop, onError: onError), listeners: listeners, marker: LossMarker(random))
        store.lookAtMarkerOnceConnected()
        loop.execute { fleet.value.start() }
        return store
    }

    private init(_ calls: RedisCalls, listeners: Listeners, marker: LossMarker) {
        self.calls = calls
        self.listeners = listeners
        self.marker = marker
    }

    public func listen(_ tell: @escaping @Sendable (StoreChange) -> Void) {
        listeners.add(tell)
    }

    /// Closes the connection; what is still waiting fails.
    public func shutDown() async {
        await calls.shutDown()
    }

    public func read(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try calls.checked(try await calls.run("HMGET", name, "g", "b"), Self.record)
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
        let reply = try await calls.run(
            .write, name,
            texts + [record.bytes, Self.life(life), Self.channel(for: name), Array(digest.utf8)])
        return try calls.checked(reply) { value throws(StoreError) in
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
        try calls.checked(try await calls.run(.end, name, [Self.life(life), Self.channel(for: name)]), Self.record)
    }

    public func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try calls.checked(try await calls.run(.take, name, []), Self.record)
    }

    public func ping() async throws(StoreError) {
        try await calls.ping()
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
        try calls.checked(try await calls.run(script, name, arguments)) { value throws(StoreError) in
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
}
