import Basics
import Sessions

/// One event loop's copy of a service principal's token, ready to be sent.
final class LivePrincipal {
    let generation: UInt64
    let expiresAt: Timestamp
    /// The whole value of the field: `Bearer` and the access token.
    private(set) var authorization: [UInt8]
    private(set) var azureToken: [UInt8]
    let azureResourceID: [UInt8]

    init(_ token: PrincipalToken) {
        generation = token.generation
        expiresAt = token.expiresAt
        authorization = Array("Bearer \(token.accessToken.reveal())".utf8)
        azureToken = token.azure.map { Array($0.token.reveal().utf8) } ?? []
        azureResourceID = token.azure.map { Array($0.resourceID.utf8) } ?? []
    }

    deinit {
        wipe(&authorization)
        wipe(&azureToken)
    }
}

/// The principals that one event loop has tokens of.
struct LivePrincipals {
    private var entries: [PrincipalID: LivePrincipal] = [:]

    /// One whose token is still good.
    func find(_ id: PrincipalID, now: Timestamp) -> LivePrincipal? {
        entries[id].flatMap { now < $0.expiresAt ? $0 : nil }
    }

    mutating func apply(_ token: PrincipalToken, of id: PrincipalID) {
        guard token.generation > entries[id]?.generation ?? 0 else { return }
        entries[id] = LivePrincipal(token)
    }
}
