import Basics
import Sessions

/// Where logins under way are kept, sealed. Names are digests in base64url, of their own namespace: no login can be
/// opened as a session, nor a session as a login.
public protocol FlowStore: Sendable {
    func put(_ name: String, _ bytes: Secret<[UInt8]>, life: Duration) async throws(SessionError)

    /// Reads and removes in one step: of several takers one gets it. `nil` if there is none.
    func take(_ name: String) async throws(SessionError) -> Secret<[UInt8]>?
}
