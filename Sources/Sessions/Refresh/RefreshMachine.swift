import Basics

/// The life of one session's refreshes, as states and inputs. Does nothing itself: it answers each input with what
/// is to be done next.
///
/// The lease is where replicas will agree who spends the refresh token; one process grants it to itself.
public struct RefreshMachine: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case resting
        /// Waiting for the right to spend the refresh token.
        case leasing
        /// Reading the store: somebody may have refreshed already.
        case reading
        /// The refresh token is with the provider.
        case spending
        /// What the provider granted is on its way into the store, and nowhere else.
        case storing
        /// The store failed; pausing before the next attempt.
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

    public enum Input: Sendable, Equatable {
        case needed
        case leaseGranted
        case leaseHeldElsewhere
        case storeShows(Shown)
        case storeFailed
        case granted
        case grantIsDead
        case refreshFailed(retryAfter: Duration?)
        case written
        case conflicted
        case pauseOver
    }

    /// What the store holds, compared with what was known when the refresh was asked for.
    public enum Shown: Sendable, Equatable {
        case sameGrant, newerGrant, loginNeeded, nothing
    }

    public enum Action: Sendable, Equatable {
        case acquireLease
        case readStore
        case spend
        case storeGrant
        case storeLoginNeeded
        case pause(Duration)
        case finish(Outcome)
        /// The input makes no sense in this state; nothing is to be done.
        case ignore
    }

    public enum Outcome: Sendable, Equatable {
        case renewed
        /// The store already held a newer grant.
        case adopted
        case ended
        case loginNeeded
        case failed(until: Timestamp)
    }

    public internal(set) var state: State = .resting
    /// Refreshes that failed in a row.
    public internal(set) var failures = 0
    /// Attempts to store the present grant that failed in a row.
    public internal(set) var storeFailures = 0
    let policy: RefreshPolicy

    public init(policy: RefreshPolicy) {
        self.policy = policy
    }

    /// `jitter` from 0 up to 1.
    public mutating func receive(_ input: Input, now: Timestamp, jitter: Double) -> Action {
        switch (state, input) {
        case (_, .needed): needed(now: now)
        case (.leasing, .leaseGranted): go(.reading, .readStore)
        case (.leasing, .leaseHeldElsewhere): fail(now: now, asked: nil, jitter: jitter)
        case (.reading, .storeShows(.sameGrant)): go(.spending, .spend)
        case (.reconciling, .storeShows(.sameGrant)), (.reconciling, .storeShows(.loginNeeded)):
            // Whoever marked the session did so with the token that we have exchanged for a good one.
            go(.storing, .storeGrant)
        case (.doubting, .storeShows(.sameGrant)): go(.marking, .storeLoginNeeded)
        case (.reading, .storeShows(let shown)), (.reconciling, .storeShows(let shown)),
            (.doubting, .storeShows(let shown)):
            settle(shown)
        case (.spending, .granted): go(.storing, .storeGrant)
        case (.spending, .grantIsDead): go(.doubting, .readStore)
        case (.spending, .refreshFailed(let asked)): fail(now: now, asked: asked, jitter: jitter)
        case (.storing, .written): rest(.renewed)
        case (.storing, .conflicted), (.pausing, .pauseOver): go(.reconciling, .readStore)
        case (.storing, .storeFailed), (.reconciling, .storeFailed): pause(jitter: jitter)
        case (.marking, .written): go(.loginNeeded, .finish(.loginNeeded))
        case (.marking, .conflicted): go(.doubting, .readStore)
        case (.reading, .storeFailed), (.doubting, .storeFailed), (.marking, .storeFailed):
            fail(now: now, asked: nil, jitter: jitter)
        default: .ignore
        }
    }
}

extension RefreshMachine {
    private mutating func needed(now: Timestamp) -> Action {
        switch state {
        case .resting: go(.leasing, .acquireLease)
        case .backingOff(let until): until > now ? .finish(.failed(until: until)) : go(.leasing, .acquireLease)
        case .loginNeeded: .finish(.loginNeeded)
        case .ended: .finish(.ended)
        case .leasing, .reading, .spending, .storing, .pausing, .reconciling, .doubting, .marking: .ignore
        }
    }

    private mutating func settle(_ shown: Shown) -> Action {
        switch shown {
        case .newerGrant, .sameGrant: rest(.adopted)
        case .loginNeeded: go(.loginNeeded, .finish(.loginNeeded))
        case .nothing: go(.ended, .finish(.ended))
        }
    }

    private mutating func go(_ next: State, _ action: Action) -> Action {
        state = next
        return action
    }

    private mutating func rest(_ outcome: Outcome) -> Action {
        failures = 0
        storeFailures = 0
        return go(.resting, .finish(outcome))
    }

    private mutating func fail(now: Timestamp, asked: Duration?, jitter: Double) -> Action {
        failures += 1
        let until = now + policy.pause(failures: failures, asked: asked, jitter: jitter)
        return go(.backingOff(until: until), .finish(.failed(until: until)))
    }

    private mutating func pause(jitter: Double) -> Action {
        storeFailures += 1
        return go(.pausing, .pause(policy.storePause(failures: storeFailures, jitter: jitter)))
    }
}
