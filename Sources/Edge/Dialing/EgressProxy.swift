import Basics

/// An HTTP proxy that opens tunnels to workspaces (CONNECT, RFC 9110, section 9.3.6).
public struct EgressProxy: Sendable, Equatable {
    public var host: String
    public var port: Int
    /// `user:password`, for a proxy that asks for one.
    public var login: Secret<String>?

    public init(host: String, port: Int, login: Secret<String>? = nil) {
        self.host = host
        self.port = port
        self.login = login
    }
}
