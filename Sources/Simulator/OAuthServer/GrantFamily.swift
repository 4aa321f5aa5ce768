import Basics

/// Everything that came from one authorization: one chain of refresh tokens and their access tokens.
struct GrantFamily: Sendable {
    var user: String
    var client: String
    var scopes: Set<String>
    var isDead = false
    /// The only refresh token that may still be used. Kept as its hash, as a careful provider does.
    var current: [UInt8]?
    /// When the current refresh token stops working.
    var expires: Timestamp
}

/// An authorization code on its way from the browser to the token endpoint.
struct PendingCode: Sendable {
    var request: AuthorizeRequest
    var user: String
    var expires: Timestamp
    /// The family it was turned into. A second use revokes that.
    var family: Int?
    var isSpent = false
}
