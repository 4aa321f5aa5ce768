/// Where a walk could not go on. Safe to print: holds no token, code or cookie.
public enum WalkFailure: Error, Sendable, Equatable {
    case badAddress
    case tooManyRedirects
    /// A step did not give what it should.
    case unexpected(step: String, status: Int, address: String)
    /// No session although the sign-in went through.
    case noSession
    /// The session page offers no token, or did not show one.
    case noSessionToken
    /// The workspace saw somebody else than the person who signed in.
    case wrongIdentity(expected: String, seen: String)
}

extension WalkFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badAddress: "an address on the way cannot be read"
        case .tooManyRedirects: "redirected in circles"
        case .unexpected(let step, let status, let address): "\(step): status \(status) from \(address)"
        case .noSession: "signed in, but no session cookie was set"
        case .noSessionToken: "the session page gave no session token"
        case .wrongIdentity(let expected, let seen): "signed in as \(expected), but the workspace saw \(seen)"
        }
    }
}
