import Basics
import Sessions

/// One event loop's copy of a token that no login brought, ready to be sent.
final class LivePrincipal {
    let generation: UInt64
    let expiresAt: Timestamp
    /// The whole value of the field: `Bearer` and the access token.
    private(set) var authorization: [UInt8]
    private(set) var azureToken: [UInt8]
    let azureResourceID: [UInt8]
    /// When the next one is asked for; never, where the keeper does so by itself.
    private var renewalFrom: Timestamp

    init(_ token: PrincipalToken, of id: PrincipalID) {
        renewalFrom = id.isPerson ? token.expiresAt - token.expiresAt.since(token.obtainedAt) / 5 : token.expiresAt
        generation = token.generation
        expiresAt = token.expiresAt
        authorization = Array("Bearer \(token.accessToken.reveal())".utf8)
        azureToken = token.azure.map { Array($0.token.reveal().utf8) } ?? []
        azureResourceID = token.azure.map { Array($0.resourceID.utf8) } ?? []
    }

    /// True once, in the last fifth of its life.
    func takesRenewal(at now: Timestamp) -> Bool {
        guard now >= renewalFrom else { return false }
        renewalFrom = expiresAt
        return true
    }

    deinit {
        wipe(&authorization)
        wipe(&azureToken)
    }
}

/// The principals, and people, that one event loop has such tokens of.
struct LivePrincipals {
    private var entries: [PrincipalID: LivePrincipal] = [:]
    private var mostEntries = 1024

    /// One whose token is still good.
    func find(_ id: PrincipalID, now: Timestamp) -> LivePrincipal? {
        entries[id].flatMap { now < $0.expiresAt ? $0 : nil }
    }

    mutating func apply(_ token: PrincipalToken, of id: PrincipalID) {
        guard token.generation > entries[id]?.generation ?? 0 else { return }
        entries[id] = LivePrincipal(token, of: id)
        if entries.count >= mostEntries { forgetExpired(at: token.obtainedAt) }
    }

    /// The more are good, the rarer all are looked through.
    private mutating func forgetExpired(at now: Timestamp) {
        entries = entries.filter { now < $0.value.expiresAt }
        mostEntries = max(1024, entries.count * 2)
    }
}
