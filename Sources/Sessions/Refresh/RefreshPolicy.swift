import Basics

/// When an access token is renewed, and how long a failed attempt keeps quiet.
public struct RefreshPolicy: Sendable, Hashable {
    /// A token is renewed at the latest when this much of its life remains,
    public var window: Duration = .seconds(300)
    /// or this part of its life, whichever is more. At most half of its life in any case.
    public var partOfLife = 0.1
    /// SDKs take a token with less than this left for expired (databricks-sdk-py), so renewal never waits that long
    /// unless the whole life is shorter than twice this.
    public var floor: Duration = .seconds(40)
    /// Jitter moves renewal earlier by at most this part of the window.
    public var spread = 0.1
    /// First and longest pause after a refresh that failed.
    public var firstPause: Duration = .seconds(1)
    public var longestPause: Duration = .seconds(60)
    /// A provider's Retry-After is followed up to this.
    public var longestObeyed: Duration = .seconds(300)

    /// From writing down the intent to the provider's answer, at most. The four times below follow from it.
    public var answerTime: Duration { didSet { followAnswerTime() } }
    /// Of a lease; longer than an answer may take.
    public var leaseLife: Duration = .zero
    /// A token that may have been spent, and whose spender has not told, is spent again after this: once its answer is
    /// lost, one more attempt loses nothing. Longer than a lease, lest it is spent while the spender lives.
    public var patience: Duration = .zero
    /// Before a token that may have been spent is spent again, its spender gets so much time more: it may only now have
    /// got its store back.
    public var lastWait: Duration = .zero
    /// For how long the provider takes a spent refresh token again (a grace period or leeway); zero if it does not.
    /// Within it, a token that may have been spent is spent again at once.
    public var grace: Duration = .zero
    /// Who waits for another replica asks again after this,
    public var waitStep: Duration = .milliseconds(200)
    /// and so many times.
    public var mostWaits = 25
    /// Who does not wait looks again after this at the latest.
    public var longestPostponement: Duration = .seconds(10)

    public init(answerTime: Duration = .seconds(40)) {
        self.answerTime = answerTime
        followAnswerTime()
    }

    private mutating func followAnswerTime() {
        leaseLife = answerTime * 1.25
        patience = leaseLife * 1.5
        lastWait = answerTime * 0.375
    }

    /// What to do about a token that somebody may have spent so long ago, and has not told.
    public func verdict(traceAge: Duration) -> TraceVerdict {
        if traceAge < grace { return .spend }
        return traceAge < patience ? .leaveAlone(patience - traceAge) : .waitAndSpend
    }

    /// How long ago somebody may have begun to spend a token: by an intent, or because the store's master is young, and there may
    /// be an intent that only the former one knows. Of two, the one that asks for more patience.
    public func traceAge(intent: Duration?, master: Duration?) -> Duration? {
        guard let master, master < patience else { return intent }
        guard let intent else { return master }
        return rest(intent) > rest(master) ? intent : master
    }

    private func rest(_ age: Duration) -> Duration {
        switch verdict(traceAge: age) {
        case .spend: .zero
        case .leaveAlone(let left): left
        case .waitAndSpend: lastWait
        }
    }

    /// How long before expiry a token of this life is renewed at the latest.
    public func latestWindow(life: Duration) -> Duration {
        let life = max(life, .zero)
        return min(max(window, life * partOfLife, floor), life / 2)
    }

    /// When to renew; `jitter` from 0 up to 1.
    public func dueAt(obtainedAt: Timestamp, expiresAt: Timestamp, jitter: Double) -> Timestamp {
        let latest = latestWindow(life: expiresAt.since(obtainedAt))
        return expiresAt - latest * (1 + spread * min(max(jitter, 0), 1))
    }

    /// How long to keep quiet after the given number of failures in a row: doubling, half of it by chance.
    public func pause(failures: Int, asked: Duration?, jitter: Double) -> Duration {
        let doubled = firstPause * Double(1 << min(max(failures - 1, 0), 20))
        let own = min(doubled, longestPause) * (0.5 + 0.5 * jitter)
        return max(own, min(asked ?? .zero, longestObeyed))
    }

    /// How long to keep quiet after a refresh for which the store did nothing: the provider was not asked, and a store that is back
    /// is used soon.
    public func pauseWithoutStore(jitter: Double) -> Duration {
        .seconds(2) * (0.5 + 0.5 * jitter)
    }

    /// How long to wait before the next attempt to store what the provider granted.
    public func storePause(failures: Int, jitter: Double) -> Duration {
        min(.milliseconds(50 << min(max(failures - 1, 0), 6)), .seconds(2)) * (0.5 + 0.5 * jitter)
    }
}

/// What to do about a token that somebody may have spent.
public enum TraceVerdict: Sendable, Equatable {
    /// The provider takes it again.
    case spend
    case leaveAlone(Duration)
    /// Nobody will tell any more: it is spent after ``RefreshPolicy/lastWait``.
    case waitAndSpend
}
