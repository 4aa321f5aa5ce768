import Basics

/// Goes over the sessions in a store, several records at a time. Holds none of them.
struct SessionWalk: Sendable {
    enum Found: Sendable {
        case session(Session)
        /// It has ended, or ends this moment.
        case nothing
        case unreadable(SessionID)
    }

    let records: SessionRecords
    let now: Timestamp
    let atOnce: Int

    /// Does something about each session, until `take` wants no more. Each counts once.
    ///
    /// - Parameter act: Runs for several sessions at the same time.
    func run<Outcome: Sendable>(
        _ act: @escaping @Sendable (Found) async -> Result<Outcome, SessionError>, _ take: (Outcome) -> Bool
    ) async throws(SessionError) {
        var seen: Set<SessionID> = []
        var place: ListingPlace?
        repeat {
            let page = try await records.records.sessionNames(from: place)
            let fresh = page.names.compactMap { SessionID(recordName: $0) }.filter { seen.insert($0).inserted }
            let outcomes = await visit(fresh, act)
            for case .success(let outcome) in outcomes where !take(outcome) { return }
            for outcome in outcomes { _ = try outcome.get() }
            place = page.next
        } while place != nil
    }

    private func visit<Outcome: Sendable>(
        _ ids: [SessionID], _ act: @escaping @Sendable (Found) async -> Result<Outcome, SessionError>
    ) async -> [Result<Outcome, SessionError>] {
        await withTaskGroup(of: Result<Outcome, SessionError>.self) { group in
            for id in ids.prefix(atOnce) { group.addTask { await look(at: id, act) } }
            var (rest, outcomes) = (ids.dropFirst(atOnce), [Result<Outcome, SessionError>]())
            while let outcome = await group.next() {
                outcomes.append(outcome)
                if let id = rest.popFirst() { group.addTask { await look(at: id, act) } }
            }
            return outcomes
        }
    }

    private func look<Outcome: Sendable>(
        at id: SessionID, _ act: @Sendable (Found) async -> Result<Outcome, SessionError>
    ) async -> Result<Outcome, SessionError> {
        do throws(SessionError) {
            guard let session = try await records.read(id), session.endsAt > now else { return await act(.nothing) }
            return await act(.session(session))
        } catch {
            if case .unreadable = error { return await act(.unreadable(id)) }
            return .failure(error)
        }
    }
}
