import Basics

extension OAuthServer {
    /// Ends a family: no refresh, and its access tokens stop at once.
    mutating func kill(_ family: Int) {
        families[family].isDead = true
        accessTokens = accessTokens.filter { $0.value.family != family }
    }

    /// Access tokens stop being accepted; refresh tokens go on working.
    mutating func revokeAccessTokens(of user: String? = nil) {
        accessTokens = accessTokens.filter { user != nil && $0.value.user != user }
    }

    /// Refresh tokens stop working; access tokens live out their time.
    mutating func revokeRefreshTokens(of user: String? = nil) {
        for index in families.indices where user == nil || families[index].user == user {
            families[index].isDead = true
        }
    }

    mutating func expireAccessTokens(now: Timestamp) {
        for token in accessTokens.keys {
            accessTokens[token]?.expires = now
        }
    }
}
