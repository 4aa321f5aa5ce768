import Basics

/// Refreshing ahead of expiry, whether there is traffic or not.
extension SessionKeeper {
    /// Looks every second for sessions that are due, until the task is cancelled. Run it once per process.
    public func run() async {
        while !Task.isCancelled {
            tick()
            await parts.pause.wait(.seconds(1))
        }
    }

    /// Waits until no refresh is under way, no fresh grant waits for the store and no revocation is left. Bound it with a timeout of your own.
    public func drain() async {
        while let refresh = state.withLock({ $0.refreshes.values.first }) {
            switch refresh {
            case .flying(let task): _ = await task.value
            case .stalled(_, let task): await task.value
            }
        }
        await revocations.drain()
    }

    /// Starts refreshes for what is due now, and comparisons for what is in doubt, as many as may run at once.
    func tick() {
        let now = parts.clock.now()
        while let held = state.withLock({ $0.nextDue(now: now, limits: parts.limits) }) {
            handle(held, now: now)
        }
        compareDoubted(now: now)
    }

    private func handle(_ held: HeldSessions.Held, now: Timestamp) {
        let session = held.session
        if session.endsAt <= now {
            noteEnd(session.id)
        } else if held.lastUse + parts.limits.idleAfter <= now {
            state.withLock { $0.held.letGo(session.id) }
            parts.report(.letGo(session.id))
        } else if speaks(for: session) {
            refreshUnhurried(session, now: now)
        } else {
            state.withLock { $0.held.postpone(session.id, until: now + .seconds(3600)) }
        }
    }

    /// Or a little later, each replica at a moment of its own.
    private func refreshUnhurried(_ session: Session, now: Timestamp) {
        let spread = Duration.seconds(2) * parts.random.fraction()
        state.withLock { state in
            guard state.refreshes[session.id] == nil else { return }
            if let next = state.nextChance(at: session.workspace, now: now) {
                state.held.postpone(session.id, until: next + spread)
            } else {
                launchLocked(&state, id: session.id, after: session.generation, isHurried: false)
            }
        }
    }
}

extension SessionKeeper.State {
    fileprivate func nextChance(at workspace: String, now: Timestamp) -> Timestamp? {
        let underWay = refreshes.keys.count { held[$0]?.session.workspace == workspace }
        return rests.nextChance(at: workspace, underWay: underWay, now: now)
    }

    fileprivate mutating func nextDue(now: Timestamp, limits: KeeperLimits) -> HeldSessions.Held? {
        guard refreshes.count < limits.refreshesAtOnce else { return nil }
        return held.popDue(now: now)
    }
}
