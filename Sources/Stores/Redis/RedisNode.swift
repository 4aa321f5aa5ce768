import Basics
import NIOCore
import Sessions

/// One server that keeps keys, and the connections to it. Lives on one event loop.
final class RedisNode {
    private let configuration: RedisConfiguration
    private let link: RedisLink
    /// `nil` where nobody waits for replicas.
    private var acknowledged: AcknowledgedWrites?

    /// Called when the connection breaks, and whenever it cannot be made.
    var onTrouble: (() -> Void)? {
        get { link.onTrouble }
        set { link.onTrouble = newValue }
    }

    var isReady: Bool { link.isReady }

    init(
        _ configuration: RedisConfiguration, at locator: RedisLocator, loop: any EventLoop, random: RandomSource,
        onNews: @escaping (RedisNews) -> Void
    ) {
        self.configuration = configuration
        link = RedisLink(
            configuration, at: locator, loop: loop, random: random, scripts: RedisScript.allCases, onNews: onNews)
        link.onRefusal = { onNews(.refused($0)) }
        guard let acknowledgement = configuration.acknowledgement else { return }
        let own = RedisLink(
            configuration, at: locator, loop: loop, random: random, scripts: RedisScript.allCases, onNews: { _ in })
        acknowledged = AcknowledgedWrites(own, acknowledgement, configuration, onNews: onNews)
    }

    func start() {
        links.forEach { $0.start() }
    }

    func deadline(for command: KeyedCommand) -> NIODeadline {
        let usual = NIODeadline.now() + TimeAmount(configuration.commandTimeout)
        return command.isAcknowledged ? acknowledged?.deadline ?? usual : usual
    }

    func send(
        _ command: KeyedCommand, isAsking: Bool = false, deadline: NIODeadline, answer: @escaping RedisChannel.Answer
    ) {
        if command.isAcknowledged, let acknowledged {
            let answer = minding(acknowledged.link, answer)
            acknowledged.send(
                RedisErrand(command: command.make, deadline: deadline, isAsking: isAsking, answer: answer))
        } else {
            let answer = minding(link, answer)
            link.send(RedisErrand(command: command.make, deadline: deadline, isAsking: isAsking, answer: answer))
        }
    }

    /// A command without a key.
    func send(_ command: RedisCommand, answer: @escaping RedisChannel.Answer) {
        let deadline = NIODeadline.now() + TimeAmount(configuration.commandTimeout)
        link.send(RedisErrand(command: { _ in command }, deadline: deadline, answer: minding(link, answer)))
    }

    func leave(unless master: RedisServerAddress, asOf moment: NIODeadline) {
        links.forEach { $0.leave(unless: master, asOf: moment) }
    }

    func authenticate(with credentials: RedisCredentials) {
        links.forEach { $0.authenticate(with: credentials) }
    }

    func isAuthenticated(with credentials: RedisCredentials) -> Bool {
        links.allSatisfy { $0.isAuthenticated(with: credentials) }
    }

    func shutDown() {
        link.onTrouble = nil
        links.forEach { $0.shutDown() }
    }

    private var links: [RedisLink] { [link] + (acknowledged.map { [$0.link] } ?? []) }

    /// Leaves a server that says it will not serve on this connection.
    private func minding(_ link: RedisLink, _ answer: @escaping RedisChannel.Answer) -> RedisChannel.Answer {
        { result in
            if case .success(.error(let text)) = result, RedisErrorText(text).wantsReconnect { link.reconnect() }
            answer(result)
        }
    }
}
