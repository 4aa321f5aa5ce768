import Basics
import Synchronization

/// Creates, loads, refreshes and ends the sessions of this process over a record store.
///
/// Everything it knows sits behind one lock that is never held across a suspension or a call to the outside.
public final class SessionKeeper: SessionKeeping {
    struct State {
        var held: HeldSessions
        var loads: [SessionID: Task<Result<Session?, SessionError>, Never>] = [:]
        var refreshes: [SessionID: Refresh] = [:]
        var rests: ProviderRests
        var stopping = false
    }

    enum Refresh {
        case flying(Task<Result<Session, SessionError>, Never>)
        /// A fresh grant waits for the store; those who ask meanwhile are told so at once.
        case stalled(SessionError, Task<Void, Never>)
    }

    let parts: KeeperParts
    let records: SessionRecords
    let announcements = Announcements()
    let revocations: Revocations
    let state: Mutex<State>

    public init(_ parts: KeeperParts) {
        self.parts = parts
        records = SessionRecords(records: parts.records)
        revocations = Revocations(parts)
        state = Mutex(
            State(
                held: HeldSessions(limits: parts.limits), rests: ProviderRests(atOnce: parts.limits.refreshesAtOnePlace)
            ))
        parts.records.store.listen { [weak self] change in self?.heard(change) }
    }

    public func observe(_ observer: any SessionObserver) {
        announcements.add(observer)
    }

    /// Sessions that this process refreshes without traffic.
    public var heldCount: Int {
        state.withLock { $0.held.count }
    }

    public func load(_ id: SessionID) async throws(SessionError) -> Session? {
        let task = state.withLock { state in
            if let running = state.loads[id] { return running }
            let task = Task.detached { await self.loadOnce(id) }
            state.loads[id] = task
            return task
        }
        return try await task.value.get()
    }

    private func loadOnce(_ id: SessionID) async -> Result<Session?, SessionError> {
        let answer: Result<Session?, SessionError>
        do throws(SessionError) {
            answer = .success(newest(try await current(id)))
        } catch {
            answer = withoutStore(id, error)
        }
        state.withLock { $0.loads[id] = nil }
        return answer
    }

    /// What was read may have been overtaken by what this process has stored since.
    private func newest(_ found: Session?) -> Session? {
        guard let found, let held = state.withLock({ $0.held[found.id]?.session }) else { return found }
        return held.generation > found.generation ? held : found
    }

    /// While the store is away, or has what another keyring has sealed, what is held goes on.
    private func withoutStore(_ id: SessionID, _ error: SessionError) -> Result<Session?, SessionError> {
        guard error.isOfStore, let held = state.withLock({ $0.held[id]?.session }),
            held.endsAt > parts.clock.now()
        else { return .failure(error) }
        return .success(held)
    }

    /// Takes in what the store showed, tells observers if it is news, and gives back the session if it is alive.
    func learn(_ found: Session?, id: SessionID) -> Session? {
        let now = parts.clock.now()
        guard let found, found.endsAt > now else {
            if state.withLock({ $0.held[id] != nil }) { noteEnd(id) }
            return nil
        }
        return state.withLock({ $0.held.hasEnded(id) }) ? nil : keep(found, isChange: false)
    }

    /// Holds a session; announces it if it was changed here or is newer than what was held.
    @discardableResult
    func keep(_ session: Session, isChange: Bool) -> Session {
        let now = parts.clock.now()
        let jitter = parts.random.fraction()
        state.withLock { state in
            guard !state.held.hasEnded(session.id) else { return }
            let isNews = state.held.take(session, now: now, jitter: jitter)
            let newest = state.held[session.id]?.session.generation ?? session.generation
            guard isNews || isChange && newest == session.generation else { return }
            announcements.enqueue(.changed(session))
        }
        announcements.deliver()
        return session
    }

    func noteEnd(_ id: SessionID) {
        state.withLock { state in
            guard state.held.end(id) else { return }
            announcements.enqueue(.ended(id))
        }
        announcements.deliver()
        parts.report(.ended(id))
    }
}

extension SessionError {
    fileprivate var isOfStore: Bool {
        switch self {
        case .store, .unreadable: true
        case .unknownSession, .contended, .refreshFailed, .loginNeeded: false
        }
    }
}
