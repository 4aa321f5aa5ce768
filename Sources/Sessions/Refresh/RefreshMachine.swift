import Basics

/// The life of one session's refreshes in one replica, as states and inputs. Does nothing itself: it answers each input
/// with what is to be done next.
///
/// Whatever happens, a refresh token is spent under a lease, behind an intent that says so, and what comes of it is
/// stored before anything else is done with it.
public struct RefreshMachine: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        case resting
        /// Asking for the right to spend the refresh token.
        case leasing
        /// Another replica has it; pausing before asking again.
        case waiting
        /// Writing down that the token is about to be spent.
        case intending
        /// The refresh token is with the provider.
        case spending
        /// What the provider granted is on its way into the store, and nowhere else.
        case storing
        /// The store failed, or another replica is spending; pausing before the next attempt.
        case pausing
        /// Reading what the store holds before writing again.
        case reconciling
        /// The provider calls the grant dead; reading the store before believing it.
        case doubting
        /// Writing down that a person must log in again.
        case marking
        case backingOff(until: Timestamp)
        case loginNeeded
        case ended
    }

    public enum Input: Sendable, Hashable {
        /// `isHurried`: somebody waits for it.
        case needed(isHurried: Bool)
        /// `trace`: the age of an intent to spend this very token, of which nobody has told what came.
        case leased(Shown, trace: Duration?)
        case heldElsewhere(Shown, left: Duration)
        case intended
        /// The lease was lost, or has to be asked for again.
        case fenced
        case storeShows(Shown)
        case storeFailed
        case granted
        case grantIsDead
        case refreshFailed(retryAfter: Duration?)
        /// The provider may have spent the token.
        case answerLost
        case written
        case conflicted
        case pauseOver
    }

    /// What the store holds, compared with what was known when the refresh was asked for.
    public enum Shown: Sendable, Hashable {
        case sameGrant, newerGrant, loginNeeded, nothing
    }

    public enum Action: Sendable, Hashable {
        /// Reads the record, too.
        case acquireLease
        case writeIntent
        case readStore
        case spend
        case storeGrant
        case storeLoginNeeded
        case pause(Duration)
        /// Whatever lease is still held is given back.
        case finish(Outcome)
        /// The input makes no sense in this state; nothing is to be done.
        case ignore
    }

    public enum Outcome: Sendable, Hashable {
        case renewed
        /// The store already held a newer grant.
        case adopted
        case ended
        case loginNeeded
        case failed(until: Timestamp)
        /// Another replica is at it, or was and has not told what came of it.
        case postponed(until: Timestamp)
    }

    public internal(set) var state: State = .resting
    /// Refreshes that failed in a row with the provider.
    public internal(set) var failures = 0
    /// Attempts to store the present grant that failed in a row.
    public internal(set) var storeFailures = 0
    var isHurried = false
    var waits = 0
    /// For the spender of a token that may have been spent.
    var hasWaited = false
    let policy: RefreshPolicy

    public init(policy: RefreshPolicy) {
        self.policy = policy
    }

    /// `jitter` from 0 up to 1.
    public mutating func receive(_ input: Input, now: Timestamp, jitter: Double) -> Action {
        switch (state, input) {
        case (_, .needed(let isHurried)): needed(isHurried: isHurried, now: now)
        case (.leasing, .leased(.sameGrant, let trace)): leased(trace: trace, now: now)
        case (.leasing, .heldElsewhere(.sameGrant, let left)): wait(left: left, now: now, jitter: jitter)
        case (.leasing, .leased(let shown, _)), (.leasing, .heldElsewhere(let shown, _)): settle(shown)
        case (.waiting, .pauseOver), (.leasing, .fenced), (.intending, .fenced), (.spending, .fenced):
            go(.leasing, .acquireLease)
        case (.intending, .intended): go(.spending, .spend)
        case (.reconciling, .storeShows(.sameGrant)), (.reconciling, .storeShows(.loginNeeded)):
            // Whoever marked the session did so with the token that we have exchanged for a good one.
            go(.storing, .storeGrant)
        case (.doubting, .storeShows(.sameGrant)): go(.marking, .storeLoginNeeded)
        case (.reconciling, .storeShows(let shown)), (.doubting, .storeShows(let shown)): settle(shown)
        case (.spending, .granted): go(.storing, .storeGrant)
        case (.spending, .grantIsDead): go(.doubting, .readStore)
        case (.spending, .refreshFailed(let asked)): fail(now: now, asked: asked, jitter: jitter)
        case (.spending, .answerLost): answerLost(now: now, jitter: jitter)
        case (.storing, .written): rest(.renewed)
        case (.storing, .conflicted), (.pausing, .pauseOver): go(.reconciling, .readStore)
        case (.storing, .storeFailed), (.storing, .fenced), (.reconciling, .storeFailed): pause(jitter: jitter)
        case (.marking, .written): go(.loginNeeded, .finish(.loginNeeded))
        case (.marking, .conflicted): go(.doubting, .readStore)
        case (.leasing, .storeFailed), (.intending, .storeFailed): failWithoutStore(now: now, jitter: jitter)
        case (.doubting, .storeFailed), (.marking, .storeFailed):
            fail(now: now, asked: nil, jitter: jitter)
        default: .ignore
        }
    }
}
