/// What a field means to the proxy, told by its name.
enum FieldKind: UInt8 {
    /// Nothing to us; forwarded as it is.
    case other
    /// A name that becomes one of those below when a server maps punctuation to hyphens, as CGI and WSGI do.
    case alias
    /// Ends at this connection whether or not Connection says so (RFC 9110, section 7.6.1).
    case hopByHop
    /// Says who the client is, which only the proxy may do: X-Forwarded-*, Forwarded, X-Real-IP.
    case forwarded
    /// A second credential beside Authorization.
    case companionCredential
    case upgrade, trailer
    case host, authorization, cookie, expect, connection, contentLength, transferEncoding, xRequestID
    case accept, acceptEncoding, contentEncoding, origin, userAgent, contentType, secFetchMode, secFetchDest,
        secFetchSite
    case altSvc, strictTransportSecurity, setCookie
    case retryAfter, location, wwwAuthenticate, xDatabricksReasonPhrase

    @inline(__always)
    var bit: UInt64 { 1 << UInt64(rawValue) }
}

/// Fields whose values decisions are made on.
public enum KnownField: Sendable {
    case accept, contentEncoding, origin, userAgent, contentType, secFetchMode, secFetchDest, secFetchSite, xRequestID
    case host, authorization, retryAfter, location, wwwAuthenticate, xDatabricksReasonPhrase

    var kind: FieldKind {
        switch self {
        case .accept: .accept
        case .contentEncoding: .contentEncoding
        case .origin: .origin
        case .userAgent: .userAgent
        case .contentType: .contentType
        case .secFetchMode: .secFetchMode
        case .secFetchDest: .secFetchDest
        case .secFetchSite: .secFetchSite
        case .xRequestID: .xRequestID
        case .host: .host
        case .authorization: .authorization
        case .retryAfter: .retryAfter
        case .location: .location
        case .wwwAuthenticate: .wwwAuthenticate
        case .xDatabricksReasonPhrase: .xDatabricksReasonPhrase
        }
    }
}
