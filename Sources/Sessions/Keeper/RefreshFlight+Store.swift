import Basics

// What a flight asks the store.
extension RefreshFlight {
    mutating func acquireLease() async -> RefreshMachine.Input {
        lease = nil
        do throws(SessionError) {
            let life = parts.limits.policy.leaseLife
            switch try await SessionRecords(records: parts.records).lease(id, owner: parts.replica, life: life) {
            case .noRecord: return try await restore(over: 0)
            case .heldElsewhere(let found, let left): return .heldElsewhere(show(found), left: left)
            case .granted(let lease, let found, _) where found.generation < newest?.generation ?? 0:
                self.lease = lease
                return try await restore(over: found.generation)
            case .granted(let lease, let found, let trace):
                self.lease = lease
                let own = trace?.age(ifOf: found.grant.refreshToken)
                let age = await parts.records.store.ageOfMaster(of: .session(id))
                return .leased(show(found), trace: parts.limits.policy.traceAge(intent: own, master: age))
            }
        } catch {
            return storeFailed(error)
        }
    }

    /// Of what this replica knows.
    private var newest: Session? {
        guard let stored, let held else { return stored ?? held }
        return held.generation > stored.generation ? held : stored
    }

    /// A store that has failed over or lost its data may hold a grant that is spent: it gets the newer one back first.
    mutating func restore(over generation: UInt64) async throws(SessionError) -> RefreshMachine.Input {
        try await giveBack(over: generation) ? .fenced : .leased(.nothing, trace: nil)
    }

    /// `false` if the session has ended. A conflict is somebody else who does the same.
    private mutating func giveBack(over generation: UInt64) async throws(SessionError) -> Bool {
        let records = SessionRecords(records: parts.records)
        guard let newest else {
            try await records.confirmAbsence(id)
            return false
        }
        guard newest.endsAt > parts.clock.now() else { return false }
        let outcome = try await records.restore(
            newest, over: generation, now: parts.clock.now())
        stored = newest
        if outcome == .written { parts.report(.restored(id)) }
        return outcome != .ended
    }

    mutating func writeIntent() async -> RefreshMachine.Input {
        guard let lease, let token = stored?.grant.refreshToken else { return .intended }
        let policy = parts.limits.policy
        sendBefore = parts.uptime.now() + policy.answerTime
        do throws(StoreError) {
            let digest = SpendingTrace.digest(of: token)
            let isOurs = try await parts.records.store.intend(lease, digest: digest, life: policy.leaseLife)
            return isOurs ? .intended : .fenced
        } catch {
            return storeFailed(.store(error))
        }
    }

    mutating func readStore() async -> RefreshMachine.Input {
        do throws(SessionError) {
            let found = try await SessionRecords(records: parts.records).read(id)
            if let found, found.generation >= newest?.generation ?? 0 { return .storeShows(show(found)) }
            guard try await giveBack(over: found?.generation ?? 0) else { return .storeShows(.nothing) }
            return .storeShows(.sameGrant)
        } catch {
            return storeFailed(error)
        }
    }

    mutating func show(_ found: Session) -> RefreshMachine.Shown {
        guard found.endsAt > parts.clock.now() else { return .nothing }
        stored = found
        if case .loginNeeded = found.standing { return .loginNeeded }
        return isNewer(found) ? .newerGrant : .sameGrant
    }

    /// A grant that was stored meanwhile but has expired by now saves nobody a refresh.
    func isNewer(_ found: Session) -> Bool {
        if let spentGeneration { return found.grantGeneration > spentGeneration }
        return found.grantGeneration > after && found.grant.expiresAt > parts.clock.now()
    }

    mutating func storeGrant() async -> RefreshMachine.Input {
        guard let fresh, let lease, var session = stored else { return .storeFailed }
        session.generation += 1
        session.grant = fresh
        session.grantGeneration = session.generation
        session.standing = .active
        do throws(SessionError) {
            let records = SessionRecords(records: parts.records)
            let outcome = try await records.commit(session, under: lease, now: parts.clock.now())
            guard outcome == .written else { return outcome == .fenced ? .fenced : .conflicted }
            self.lease = nil
            stored = session
            return .written
        } catch {
            return storeFailed(error)
        }
    }

    mutating func storeLoginNeeded() async -> RefreshMachine.Input {
        guard case .loginNeeded(let reason) = problem, var session = stored else { return .storeFailed }
        session.generation += 1
        session.standing = .loginNeeded(reason: reason)
        do throws(SessionError) {
            let outcome = try await SessionRecords(records: parts.records).write(session, now: parts.clock.now())
            guard outcome == .written else { return .conflicted }
            stored = session
            return .written
        } catch {
            return storeFailed(error)
        }
    }

    mutating func storeFailed(_ error: SessionError) -> RefreshMachine.Input {
        problem = error
        if fresh != nil, case .store(let failure) = error {
            parts.report(.grantWaitsForStore(id, failure))
        }
        return .storeFailed
    }
}
