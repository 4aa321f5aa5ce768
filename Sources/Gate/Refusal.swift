/// Whose doing a refusal is.
public enum Fault: String, Sendable, Equatable {
    case client, session, upstream, provider, store, lakegate
}

/// Every reason for which Lakegate itself answers a request with an error.
public enum Refusal: Error, Sendable, Equatable {
    /// The bytes are not a request that can be forwarded without guessing. `status` is 400, 405, 414, 417, 431, 501 or 505.
    case malformed(status: Int, explanation: String)
    /// No workspace is configured for the host the client named, which is safe to show. Over a connection that clients share
    /// among hosts (HTTP/2), another connection may lead to one.
    case unknownHost(String, isShared: Bool)
    /// No credential came with the request.
    case notLoggedIn
    /// A session token that opens nothing: mistyped, revoked, or never issued.
    case unknownSession
    /// The session's time is over.
    case sessionEnded
    /// The provider will renew the session's tokens no more; the reason is safe to show.
    case loginExpired(reason: String)
    /// The workspace's setting refuses bearers that Lakegate did not issue.
    case foreignBearer
    /// A signed token, a client's key or a handle that is good for nothing; the reason is safe to show.
    case badBearer(reason: String)
    /// The rules leave whoever asks nothing here.
    case notAllowed(NotAllowed)
    /// A service principal gets no token from the provider just now.
    case principalUnavailable(retryAfter: Int)
    /// The provider refuses the service principal itself: its secret is wrong, or it is gone.
    case principalRefused
    /// Two credentials in one request that do not agree.
    case conflictingCredentials
    /// A page of another origin asks for a WebSocket with a person's cookie, or for anything with a certificate.
    case foreignOrigin
    /// The body is larger than what is accepted at this place, by a setting or, without one, in any case.
    case bodyTooLarge(limit: Int, setting: String?)
    /// The client took too long to send its request.
    case clientTooSlow(Lateness)
    /// The store of sessions does not answer; nobody is logged out.
    case storeUnavailable
    /// The session is there but can't be read with the keys of this process.
    case sessionUnreadable
    /// The provider did not renew the tokens just now.
    case providerUnavailable(retryAfter: Int)
    /// More is asked for at once than Lakegate serves; nothing was sent.
    case overloaded(Overload)
    /// No connection to the workspace; nothing was sent.
    case upstreamUnreachable
    /// The connection broke after the request, or part of it, was sent.
    case upstreamBroke
    /// What the workspace sent is no HTTP answer.
    case upstreamNonsense
    /// The workspace was silent for too long.
    case upstreamSilent

    /// What the access log and the metrics call it.
    public var name: String { traits.name }
    public var status: Int { traits.status }
    public var fault: Fault { traits.fault }
    /// Databricks' `error_code`.
    public var errorCode: String { traits.code }
    /// Seconds for `Retry-After`; present exactly where the same request may be sent again without harm.
    public var retryAfter: Int? { traits.retryAfter }

    /// Whether a login would cure it.
    public var needsLogin: Bool { fault == .session }
}

extension Refusal {
    /// A sentence for the person at the other end: what happened, and the remedy where there is one.
    public var message: String { traits.message }

    private struct Traits {
        var name: String
        var status: Int
        var fault: Fault
        var code: String
        var message: String
        var retryAfter: Int?

        init(_ name: String, _ status: Int, _ fault: Fault, _ code: String, _ message: String, retryAfter: Int? = nil) {
            self.name = name
            self.status = status
            self.fault = fault
            self.code = code
            self.message = message
            self.retryAfter = retryAfter
        }
    }

    // The one place that maps a reason to its answer. No default: a case without an answer does not compile.
    private var traits: Traits {
        switch self {
        case .malformed(let status, let explanation):
            Traits("malformed", status, .client, "MALFORMED_REQUEST", explanation)
        // SQL drivers repeat whatever is not 400, 401, 403, 404 or 501 for minutes, and 404 says to Terraform that what it
        // asked about is gone; to browsers 421 says that another connection may do (RFC 9110, section 15.5.20), which only
        // HTTP/2 makes sense of.
        case .unknownHost(let host, let isShared):
            Traits(
                "unknown_host", isShared ? 421 : 400, .client, "INVALID_PARAMETER_VALUE",
                "No workspace is served under the host name \(host). Is the URL right? The operator finds the names in "
                    + "workspaces[].hosts.")
        case .notLoggedIn:
            Traits(
                "not_logged_in", 401, .session, "UNAUTHENTICATED",
                "This request carries no session: neither its cookie nor a session token.")
        case .unknownSession:
            Traits(
                "unknown_session", 401, .session, "UNAUTHENTICATED",
                "This session is not known: it was ended or its token revoked, its time is over, or it never was.")
        case .sessionEnded:
            Traits("session_ended", 401, .session, "UNAUTHENTICATED", "This session has reached its end.")
        case .loginExpired(let reason):
            Traits(
                "login_expired", 401, .session, "UNAUTHENTICATED", "The login can't be renewed any more (\(reason)).")
        case .foreignBearer:
            Traits(
                "foreign_bearer", 401, .session, "UNAUTHENTICATED",
                "This proxy accepts no bearer but session tokens of its own; they are made on its session page.")
        case .badBearer(let reason):
            Traits("bad_bearer", 401, .session, "UNAUTHENTICATED", "This token opens nothing: \(reason).")
        case .notAllowed(let reason):
            Traits("not_allowed", 403, .client, "PERMISSION_DENIED", reason.message)
        case .principalUnavailable(let seconds):
            Traits(
                "principal_unavailable", 503, .provider, "TEMPORARILY_UNAVAILABLE",
                "The service principal of this request got no token just now; try again.", retryAfter: seconds)
        case .principalRefused:
            Traits(
                "principal_refused", 500, .provider, "INTERNAL_ERROR",
                "The provider refuses the service principal of this request. Tell the operator: the log says why, and "
                    + "servicePrincipals[].clientSecretFile is read anew at each attempt.")
        case .conflictingCredentials:
            Traits(
                "conflicting_credentials", 400, .client, "INVALID_PARAMETER_VALUE",
                "The request carries more than one session cookie. Clear the cookies of this site and log in again.")
        case .foreignOrigin:
            Traits(
                "foreign_origin", 403, .client, "PERMISSION_DENIED",
                "A page of another site may not open a WebSocket with the cookie of this session, nor ask for anything with "
                    + "a certificate; a program sends a token.")
        case .bodyTooLarge(let limit, let setting):
            Traits(
                "body_too_large", 413, .client, "MAX_REQUEST_SIZE_EXCEEDED",
                "The request's body is larger than \(limit) bytes, the most that is taken here "
                    + "(\(setting ?? "a fixed limit")).")
        case .clientTooSlow(let lateness):
            Traits("client_too_slow", 408, .client, "REQUEST_TIMEOUT", lateness.message)
        case .storeUnavailable:
            Traits(
                "store_unavailable", 503, .store, "TEMPORARILY_UNAVAILABLE",
                "Sessions can't be read just now. Your login is kept; try again.", retryAfter: 5)
        case .sessionUnreadable:
            Traits(
                "session_unreadable", 503, .lakegate, "TEMPORARILY_UNAVAILABLE",
                "This session can't be opened with the keys in use here. Tell the operator: it was sealed with another "
                    + "keyring than sealing.keyring.", retryAfter: 30)
        case .providerUnavailable(let seconds):
            Traits(
                "provider_unavailable", 503, .provider, "TEMPORARILY_UNAVAILABLE",
                "The identity provider did not renew the login just now. It is kept; try again.", retryAfter: seconds)
        case .overloaded(let overload):
            Traits(
                "overloaded", 503, .lakegate, "TEMPORARILY_UNAVAILABLE",
                "\(overload.message) Nothing was sent to the workspace; try again.", retryAfter: 2)
        case .upstreamUnreachable:
            Traits(
                "upstream_unreachable", 503, .upstream, "TEMPORARILY_UNAVAILABLE",
                "The workspace can't be reached from here; the proxy's log says why. Nothing was sent to it; try again.",
                retryAfter: 2)
        case .upstreamBroke:
            Traits(
                "upstream_broke", 502, .upstream, "BAD_GATEWAY",
                "The connection to the workspace broke before it answered. The request may have taken effect: "
                    + "look before you repeat it.")
        case .upstreamNonsense:
            Traits(
                "upstream_nonsense", 502, .upstream, "BAD_GATEWAY",
                "The workspace's answer was not valid HTTP. Tell the operator: is workspaces[].url that of a workspace?"
            )
        case .upstreamSilent:
            Traits(
                "upstream_silent", 504, .upstream, "GATEWAY_TIMEOUT",
                "The workspace was silent for longer than limits.upstreamSilence. It may still be at work: look before you "
                    + "repeat the request.")
        }
    }
}
