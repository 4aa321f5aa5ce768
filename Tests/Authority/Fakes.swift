import Basics
import Foundation
import Gate
import Provider
import Sessions
import Settings
import Synchronization

@testable import Authority

/// A keeper without seals or stores. Its tokens are `tok.<session>.<number>`.
final class FakeKeeper: SessionKeeping {
    struct State {
        var sessions: [SessionID: Session] = [:]
        var made: UInt64 = 0
        var failure: SessionError?
        var unreadable = 0
    }

    let state = Mutex(State())
    let clock: WallClock

    init(clock: WallClock) {
        self.clock = clock
    }

    static func read(_ token: String) -> PresentedKey? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "tok", let id = UInt64(parts[1]), let key = UInt64(parts[2]) else {
            return nil
        }
        return PresentedKey(session: SessionID(high: 0, low: id), digest: KeyDigest(words: (key, 1, 2, 3)))
    }

    private func failIfTold() throws(SessionError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func key(_ kind: KeyKind, _ label: String, _ life: Duration, in state: inout State) -> SessionKey {
        state.made += 1
        return SessionKey(
            digest: KeyDigest(words: (state.made, 1, 2, 3)), kind: kind, label: label, createdAt: clock.now(),
            endsAt: clock.now() + life)
    }

    func begin(
        workspace: String, person: Person, grant: TokenGrant, lifetime: Duration
    ) async throws(SessionError) -> IssuedKey {
        try failIfTold()
        return state.withLock { state in
            let key = key(.browser, "", lifetime, in: &state)
            let session = Session(
                id: SessionID(high: 0, low: state.made), workspace: workspace, person: person, createdAt: clock.now(),
                endsAt: clock.now() + lifetime, generation: 1, grant: grant, keys: [key], standing: .active)
            state.sessions[session.id] = session
            return IssuedKey(token: Secret("tok.\(state.made).\(state.made)"), session: session)
        }
    }

    func load(_ id: SessionID) async throws(SessionError) -> Session? {
        try failIfTold()
        return state.withLock { $0.sessions[id] }
    }

    func renew(_ id: SessionID, after generation: UInt64) async throws(SessionError) -> Session {
        throw .unknownSession
    }

    func addKey(to id: SessionID, kind: KeyKind, label: String, lifetime: Duration) async throws(SessionError)
        -> IssuedKey
    {
        try failIfTold()
        let issued = state.withLock { state -> IssuedKey? in
            guard var session = state.sessions[id] else { return nil }
            session.keys.append(key(kind, label, lifetime, in: &state))
            state.sessions[id] = session
            return IssuedKey(token: Secret("tok.\(id.low).\(state.made)"), session: session)
        }
        guard let issued else { throw .unknownSession }
        return issued
    }

    func removeKey(_ digest: KeyDigest, from id: SessionID) async throws(SessionError) {
        try failIfTold()
        state.withLock { state in
            state.sessions[id]?.keys.removeAll { $0.digest == digest }
            if state.sessions[id]?.keys.isEmpty == true { state.sessions[id] = nil }
        }
    }

    func end(_ id: SessionID) async throws(SessionError) -> Bool {
        try failIfTold()
        return state.withLock { $0.sessions.removeValue(forKey: id) != nil }
    }

    func end(all selection: SessionSelection) async -> EndReport {
        state.withLock { state in
            if let failure = state.failure { return EndReport(problem: failure) }
            let ended = state.sessions.values.filter { selection.fits($0) }
            for session in ended { state.sessions[session.id] = nil }
            return EndReport(ended: ended.count, unreadable: state.unreadable)
        }
    }

    func list(_ selection: SessionSelection, limit: Int) async throws(SessionError) -> SessionListing {
        try failIfTold()
        return state.withLock { state in
            var listing = SessionListing()
            let found = state.sessions.values.filter { selection.fits($0) }.sorted { $0.id.low < $1.id.low }
            listing.sessions = found.prefix(limit).map { SessionOutline($0) }
            listing.isCut = found.count > limit
            listing.unreadable = (0..<state.unreadable).map { SessionID(high: 9, low: UInt64($0)) }
            return listing
        }
    }

    func observe(_ observer: any SessionObserver) {}
}

final class FakeFlows: FlowStore {
    let stored = Mutex<[String: Secret<[UInt8]>]>([:])
    let failure = Mutex<SessionError?>(nil)

    func put(_ name: String, _ bytes: Secret<[UInt8]>, life: Duration) async throws(SessionError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
        let isFree = stored.withLock { stored in
            guard stored[name] == nil else { return false }
            stored[name] = bytes
            return true
        }
        guard isFree else { throw .contended }
    }

    func take(_ name: String) async throws(SessionError) -> Secret<[UInt8]>? {
        if let failure = failure.withLock({ $0 }) { throw failure }
        return stored.withLock { $0.removeValue(forKey: name) }
    }
}

final class FakeHandoffs: HandoffStore {
    let stored = Mutex<[String: KeptHandoff]>([:])
    let failure = Mutex<SessionError?>(nil)
    let replaceFailure = Mutex<SessionError?>(nil)

    private func failIfTold() throws(SessionError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    func put(_ name: String, _ bytes: Secret<[UInt8]>, life: Duration) async throws(SessionError) {
        try failIfTold()
        stored.withLock { $0[name] = KeptHandoff(generation: 1, bytes: bytes) }
    }

    func read(_ name: String) async throws(SessionError) -> KeptHandoff? {
        try failIfTold()
        return stored.withLock { $0[name] }
    }

    func replace(
        _ name: String, after generation: UInt64, _ bytes: Secret<[UInt8]>, life: Duration
    ) async throws(SessionError) -> Bool {
        try failIfTold()
        if let failure = replaceFailure.withLock({ $0 }) { throw failure }
        return stored.withLock { stored in
            guard stored[name]?.generation == generation else { return false }
            stored[name] = KeptHandoff(generation: generation + 1, bytes: bytes)
            return true
        }
    }
}

/// Takes any code once, if the verifier is the one it was asked to expect.
final class FakeProvider: LoginProvider {
    let failure = Mutex<LoginFailure?>(nil)
    let codes = Mutex<[(code: String, redirectURI: String, verifier: String)]>([])
    let refreshToken = Mutex<String?>("refresh-secret")
    private let requests = Mutex(0)
    /// How often it was asked for anything.
    var asked: Int { requests.withLock { $0 } }

    func exchange(
        code: Secret<String>, redirectURI: String, verifier: Secret<String>
    ) async throws(LoginFailure) -> TokenGrant {
        requests.withLock { $0 += 1 }
        if let failure = failure.withLock({ $0 }) { throw failure }
        codes.withLock { $0.append((code.reveal(), redirectURI, verifier.reveal())) }
        return TokenGrant(
            accessToken: Secret("access-secret"), obtainedAt: Timestamp(milliseconds: 0),
            expiresAt: Timestamp(milliseconds: Site.start + 3_600_000),
            refreshToken: refreshToken.withLock { $0 }.map { Secret($0) })
    }

    func whoAmI(_ accessToken: Secret<String>) async throws(LoginFailure) -> Person {
        requests.withLock { $0 += 1 }
        return Person(id: "7", userName: "ann@example.com", displayName: "Ann <b>&\"'")
    }
}

/// Enough of a digest for tests: 32 bytes in which every input byte counts.
func mixed(_ bytes: [UInt8]) -> [UInt8] {
    (0..<4).flatMap { lane in
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 &+ UInt64(lane)
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 ^ hash >> 29 }
        return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
    }
}
