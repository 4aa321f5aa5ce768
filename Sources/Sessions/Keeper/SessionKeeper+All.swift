import Basics

/// What concerns all sessions in the store, also those that this process has never seen.
extension SessionKeeper {
    public func end(all selection: SessionSelection) async -> EndReport {
        var report = EndReport()
        do throws(SessionError) {
            try await endHeld(selection, &report)
            try await walk.run({ found in await self.end(found, in: selection) }) { step in
                report.ended += step.ended
                report.unreadable += step.unreadable
                return true
            }
        } catch {
            report.problem = error
        }
        return report
    }

    /// Sessions of a selection.
    ///
    /// - Parameter limit: No more than so many.
    public func list(_ selection: SessionSelection, limit: Int = .max) async throws(SessionError) -> SessionListing {
        var listing = SessionListing()
        try await walk.run({ found in .success(found) }) { found in
            switch found {
            case .session(let session) where selection.fits(session):
                listing.isCut = listing.sessions.count >= limit
                if !listing.isCut { listing.sessions.append(SessionOutline(session)) }
            case .unreadable(let id): listing.unreadable.append(id)
            case .session, .nothing: break
            }
            return !listing.isCut
        }
        listing.sessions.sort { ($0.createdAt, $0.id.high) < ($1.createdAt, $1.id.high) }
        return listing
    }

    private var walk: SessionWalk {
        SessionWalk(records: records, now: parts.clock.now(), atOnce: parts.limits.readsAtOnce)
    }

    /// The store may have lost some that are held here, which would give them back to it.
    private func endHeld(_ selection: SessionSelection, _ report: inout EndReport) async throws(SessionError) {
        for session in state.withLock({ $0.held.sessions }) where selection.fits(session) {
            if try await end(session.id, endsAt: session.endsAt) { report.ended += 1 }
        }
    }

    private func end(_ found: SessionWalk.Found, in selection: SessionSelection) async -> Result<
        EndReport, SessionError
    > {
        switch found {
        case .session(let session) where selection.fits(session):
            do throws(SessionError) {
                return .success(EndReport(ended: try await end(session.id, endsAt: session.endsAt) ? 1 : 0))
            } catch {
                return .failure(error)
            }
        case .unreadable: return .success(EndReport(unreadable: 1))
        case .session, .nothing: return .success(EndReport())
        }
    }
}
