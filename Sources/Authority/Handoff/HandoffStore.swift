import Basics
import Sessions

/// Where hand-offs are kept, sealed. Names are digests in base64url, of their own namespace: no hand-off can be opened as a
/// login or a session, nor one of these as a hand-off.
public protocol HandoffStore: Sendable {
    /// Stores what is new. Throws `contended` if the name is taken.
    func put(_ name: String, _ bytes: Secret<[UInt8]>, life: Duration) async throws(SessionError)

    /// `nil` if there is none.
    func read(_ name: String) async throws(SessionError) -> KeptHandoff?

    /// Stores what follows after `generation`. `false` if somebody else wrote first.
    func replace(
        _ name: String, after generation: UInt64, _ bytes: Secret<[UInt8]>, life: Duration
    ) async throws(SessionError) -> Bool
}

/// A stored hand-off as it was found.
public struct KeptHandoff: Sendable {
    public let generation: UInt64
    public let bytes: Secret<[UInt8]>

    public init(generation: UInt64, bytes: Secret<[UInt8]>) {
        self.generation = generation
        self.bytes = bytes
    }
}
