import Basics

/// Keeping what is held the same as what is stored, which other replicas change, and which may be lost.
extension SessionKeeper {
    public func touch(_ id: SessionID) {
        let now = parts.clock.now()
        let touch = state.withLock { $0.held.hasEnded(id) ? .fresh : $0.held.touch(id, now: now) }
        switch touch {
        case .fresh: break
        case .unknown: Task.detached { _ = try? await self.load(id) }
        case .stale: Task.detached { await self.compare(id) }
        }
    }

    /// Hears of a change that this or another replica made.
    func heard(_ change: StoreChange) {
        switch change {
        case .mayHaveMissed: state.withLock { $0.held.doubt(now: parts.clock.now()) }
        case .ended(let name): SessionID(recordName: name).map(noteEnd)
        case .written(let name, let generation):
            guard let id = SessionID(recordName: name) else { return }
            guard let held = state.withLock({ $0.held[id]?.session.generation }), held != generation else { return }
            // An older one comes from a replica that knew no better, after a loss of data.
            Task.detached { if held < generation { _ = try? await self.load(id) } else { await self.compare(id) } }
        }
    }

    /// After the store was away or has lost something, looks for what is held, used or not, before its only holder is gone.
    func compareDoubted(now: Timestamp) {
        while let id = state.withLock({ $0.held.nextDoubted(now: now) }) {
            Task.detached { await self.compare(id) }
        }
    }

    /// What the store has, after it got back what it had lost.
    func current(_ id: SessionID) async throws(SessionError) -> Session? {
        let found = try await records.read(id)
        let held = state.withLock { $0.held[id]?.session }
        guard let held, held.endsAt > parts.clock.now(), found?.generation ?? 0 < held.generation else {
            return learn(found == nil && held == nil ? try await seek(id) : found, id: id)
        }
        await restore(held, over: found?.generation ?? 0)
        return state.withLock { $0.held.hasEnded(id) } ? nil : held
    }

    /// What is absent may be lost: others that hold it have a moment to give it back.
    private func seek(_ id: SessionID) async throws(SessionError) -> Session? {
        if state.withLock({ $0.held.hasEnded(id) }) { return nil }
        do throws(SessionError) {
            try await records.confirmAbsence(id)
            return nil
        } catch {
            await parts.pause.wait(SessionKeeper.timeToGiveBack)
            guard let found = try await records.read(id) else { throw error }
            return found
        }
    }

    private static let timeToGiveBack = Duration.milliseconds(200)

    /// Looks whether the store has what is held: takes in what is newer, and restores what it has lost.
    func compare(_ id: SessionID) async {
        guard let held = state.withLock({ $0.held[id]?.session }), held.endsAt > parts.clock.now() else { return }
        do throws(StoreError) {
            let stored = try await parts.records.store.read(.session(id))?.generation ?? 0
            if stored > held.generation { _ = try? await load(id) }
            if stored < held.generation { await restore(held, over: stored) }
        } catch {
            // Asked again at the next use.
            state.withLock { $0.held.doubt(id) }
        }
    }

    /// Writes back a session of which the store has an older generation, or none, after a failover or a loss of data.
    private func restore(_ session: Session, over stored: UInt64) async {
        let now = parts.clock.now()
        state.withLock { $0.held.doubtUnlessDone(now: now) }
        let outcome = try? await records.restore(session, over: stored, now: now)
        switch outcome {
        case .written: parts.report(.restored(session.id))
        case .ended: noteEnd(session.id)
        case .conflict, nil: state.withLock { $0.held.doubt(session.id) }
        }
    }
}
