import NIOCore
import Sessions

/// Commands on their way from any thread to the servers, and what their answers mean: who fails is told of.
struct RedisCalls: Sendable {
    let fleet: NIOLoopBound<RedisFleet>
    let loop: any EventLoop
    let onError: @Sendable (StoreError) -> Void

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

    func run(
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

    func ageOfMaster(of name: RecordName) async -> Duration? {
        await withCheckedContinuation { continuation in
            loop.execute { [fleet] in
                continuation.resume(returning: fleet.value.servers.ageOfMaster(of: Array(name.text.utf8)))
            }
        }
    }

    func ping() async throws(StoreError) {
        try heard(await onLoop { servers, answer in servers.ping(answer) })
    }

    func shutDown() async {
        await withCheckedContinuation { continuation in
            loop.execute { [fleet] in
                fleet.value.shutDown()
                continuation.resume()
            }
        }
    }
}
