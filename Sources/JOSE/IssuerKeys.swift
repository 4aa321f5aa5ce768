import Basics
import FoundationEssentials
import Provider
import Synchronization

/// Why the keys of an issuer are not known for now. Safe to log.
public struct IssuerKeysFault: Error, Sendable, Equatable {
    public let reason: String
}

/// Verifies the tokens of one trusted issuer with the keys that it publishes, and nothing that the token brings along.
///
/// Keys are asked for again when a token names an unknown one, but once a minute at most, and when they are an hour old. While
/// the issuer does not answer, the last ones go on.
public final class IssuerKeys: Sendable {
    private struct State {
        var keys: IssuerKeySet?
        /// When they were asked for, and when that brought them.
        var askedAt: Timestamp?
        var keysAt: Timestamp?
        var fetching: Task<Result<IssuerKeySet, IssuerKeysFault>, Never>?
    }

    private let source: IssuerKeySource
    private let clock: WallClock
    private let state = Mutex(State())

    /// `keysURL` is found by the issuer's OpenID configuration when absent.
    public convenience init(issuer: String, keysURL: String?, client: ProviderClient, clock: WallClock) {
        let source = IssuerKeySource(issuer: issuer, keysURL: keysURL) { url throws(IssuerKeysFault) in
            try await client.document(at: url)
        }
        self.init(source, clock: clock)
    }

    init(_ source: IssuerKeySource, clock: WallClock) {
        self.source = source
        self.clock = clock
    }

    /// Whether the issuer has signed the token, and its time is now, give or take a minute.
    public func believes(_ token: UnverifiedToken) async throws(IssuerKeysFault) -> Bool {
        guard token.claims.issuer.utf8.elementsEqual(source.issuer.utf8), token.isTimely(at: clock.now()),
            !token.header.isCritical, ["RS256", "ES256"].contains(token.header.algorithm)
        else { return false }
        guard let key = try await keys(for: token.header).key(token.header) else { return false }
        return token.isSigned(by: key)
    }

    private func keys(for header: UnverifiedToken.Header) async throws(IssuerKeysFault) -> IssuerKeySet {
        let now = clock.now()
        let step = state.withLock { (state) -> Step in
            if let keys = state.keys, keys.key(header) != nil, !isOlder(state.keysAt, than: Self.longestUse, now) {
                return .use(keys)
            }
            if let task = state.fetching { return .wait(task, known: state.keys) }
            guard isOlder(state.askedAt, than: Self.pause, now) else { return state.keys.map { .use($0) } ?? .tooSoon }
            state.askedAt = now
            let task = Task { await self.fetch() }
            state.fetching = task
            return .wait(task, known: state.keys)
        }
        return try await step.result()
    }

    private func isOlder(_ moment: Timestamp?, than age: Duration, _ now: Timestamp) -> Bool {
        // A clock set back counts as old, too.
        moment.map { now < $0 || now.since($0) >= age } ?? true
    }

    private func fetch() async -> Result<IssuerKeySet, IssuerKeysFault> {
        let found = await source.fetch()
        state.withLock { state in
            if case .success(let keys) = found { (state.keys, state.keysAt) = (keys, state.askedAt) }
            state.fetching = nil
        }
        return found
    }

    private enum Step {
        case use(IssuerKeySet)
        case wait(Task<Result<IssuerKeySet, IssuerKeysFault>, Never>, known: IssuerKeySet?)
        case tooSoon

        func result() async throws(IssuerKeysFault) -> IssuerKeySet {
            switch self {
            case .use(let keys): return keys
            case .tooSoon:
                throw IssuerKeysFault(reason: "the issuer's keys could not be fetched less than a minute ago")
            case .wait(let task, let known):
                let found = await task.value
                if case .failure = found, let known { return known }
                return try found.get()
            }
        }
    }

    private static let pause = Duration.seconds(60)
    private static let longestUse = Duration.seconds(3600)
}
