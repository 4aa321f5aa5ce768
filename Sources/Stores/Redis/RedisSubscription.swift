import Basics
import NIOCore
import Sessions

/// Listens to what replicas publish, on a connection of its own (a subscribed one takes no other commands in RESP2).
///
/// Redis keeps nothing for who is not there: after each connection that was lost, changes may have been missed. A connection
/// that is silent is asked whether it lives. Lives on its link's event loop.
final class RedisSubscription {
    private let link: RedisLink
    private let loop: any EventLoop
    private let tell: @Sendable (StoreChange) -> Void
    private var asking: Scheduled<Void>?

    init(_ link: RedisLink, loop: any EventLoop, tell: @escaping @Sendable (StoreChange) -> Void) {
        self.link = link
        self.loop = loop
        self.tell = tell
    }

    func start() {
        link.onReady = { [weak self] channel in self?.subscribe(on: channel) }
        link.start()
        askAgain()
    }

    /// One that does not answer in time is closed, and made again.
    private func askAgain() {
        asking = loop.assumeIsolated().scheduleTask(in: Self.silence) { [weak self] in
            let deadline = NIODeadline.now() + Self.silence
            self?.link.send(RedisErrand(command: { _ in RedisCommand("PING") }, deadline: deadline) { _ in })
            self?.askAgain()
        }
    }

    func shutDown() {
        asking?.cancel()
        link.onReady = nil
        link.shutDown()
    }

    /// One whose server is no longer among these is left for another.
    func stay(among servers: Set<RedisServerAddress>) {
        if let server = link.server, !servers.contains(server) { link.reconnect() }
    }

    func leave(unless master: RedisServerAddress, asOf moment: NIODeadline) {
        link.leave(unless: master, asOf: moment)
    }

    /// Makes a connection with the credentials of now.
    func renew(for credentials: RedisCredentials) {
        if !link.isAuthenticated(with: credentials) { link.reconnect() }
    }

    private func subscribe(on channel: RedisChannel) {
        let tell = tell
        channel.onMessage = { message in StoreChange(published: message).map(tell) }
        channel.send(RedisCommand("SUBSCRIBE", RedisStore.channel), deadline: .now() + .seconds(1)) { answer in
            if case .success = answer { tell(.mayHaveMissed) }
        }
    }

    private static let silence = TimeAmount.seconds(1)
}

extension StoreChange {
    /// Reads what the scripts publish: a generation, or `x`, and the record's name.
    init?(published bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let name = RecordName(String(decoding: parts[1], as: UTF8.self), isAnnounced: true)
        if parts[0].elementsEqual(RedisStore.endMark) {
            self = .ended(name)
        } else if let generation = UInt64(String(decoding: parts[0], as: UTF8.self)) {
            self = .written(name, generation: generation)
        } else {
            return nil
        }
    }
}
