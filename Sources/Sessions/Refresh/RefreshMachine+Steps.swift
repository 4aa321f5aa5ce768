import Basics

extension RefreshMachine {
    mutating func needed(isHurried: Bool, now: Timestamp) -> Action {
        switch state {
        case .resting: begin(isHurried)
        case .backingOff(let until): until > now ? .finish(.failed(until: until)) : begin(isHurried)
        case .loginNeeded: .finish(.loginNeeded)
        case .ended: .finish(.ended)
        case .leasing, .waiting, .intending, .spending, .storing, .pausing, .reconciling, .doubting, .marking: .ignore
        }
    }

    private mutating func begin(_ isHurried: Bool) -> Action {
        self.isHurried = isHurried
        waits = 0
        hasWaited = false
        return go(.leasing, .acquireLease)
    }

    /// A token that somebody was about to spend is left alone until they must have told, or never will.
    mutating func leased(trace: Duration?, now: Timestamp) -> Action {
        guard let trace else { return go(.intending, .writeIntent) }
        switch policy.verdict(traceAge: trace) {
        case .leaveAlone(let left): return postpone(until: now + left)
        case .waitAndSpend where !hasWaited:
            hasWaited = true
            return go(.waiting, .pause(policy.lastWait))
        case .spend, .waitAndSpend: return go(.intending, .writeIntent)
        }
    }

    /// The answer may be lost for good: then the token is left alone like that of another replica.
    mutating func answerLost(now: Timestamp, jitter: Double) -> Action {
        guard case .leaveAlone(let left) = policy.verdict(traceAge: .zero) else {
            return fail(now: now, asked: nil, jitter: jitter)
        }
        return fail(now: now, asked: left, jitter: jitter)
    }

    /// Who is in no hurry looks again when the other replica must be done.
    mutating func wait(left: Duration, now: Timestamp, jitter: Double) -> Action {
        guard isHurried else { return postpone(until: now + min(left, policy.longestPostponement)) }
        guard waits < policy.mostWaits else { return postpone(until: now + policy.firstPause) }
        waits += 1
        return go(.waiting, .pause(policy.waitStep * (0.5 + 0.5 * jitter)))
    }

    mutating func settle(_ shown: Shown) -> Action {
        switch shown {
        case .newerGrant, .sameGrant: rest(.adopted)
        case .loginNeeded: go(.loginNeeded, .finish(.loginNeeded))
        case .nothing: go(.ended, .finish(.ended))
        }
    }

    mutating func go(_ next: State, _ action: Action) -> Action {
        state = next
        return action
    }

    mutating func rest(_ outcome: Outcome) -> Action {
        failures = 0
        storeFailures = 0
        return go(.resting, .finish(outcome))
    }

    private mutating func postpone(until: Timestamp) -> Action {
        go(.resting, .finish(.postponed(until: until)))
    }

    mutating func fail(now: Timestamp, asked: Duration?, jitter: Double) -> Action {
        failures += 1
        let until = now + policy.pause(failures: failures, asked: asked, jitter: jitter)
        return go(.backingOff(until: until), .finish(.failed(until: until)))
    }

    mutating func failWithoutStore(now: Timestamp, jitter: Double) -> Action {
        let until = now + policy.pauseWithoutStore(jitter: jitter)
        return go(.backingOff(until: until), .finish(.failed(until: until)))
    }

    mutating func pause(jitter: Double) -> Action {
        storeFailures += 1
        return go(.pausing, .pause(policy.storePause(failures: storeFailures, jitter: jitter)))
    }
}
