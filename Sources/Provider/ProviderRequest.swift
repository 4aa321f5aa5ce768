import Basics

/// A request to a provider's token endpoint or to a workspace.
public struct ProviderRequest: Sendable {
    public enum Method: Sendable, Equatable {
        case get
        /// The body is a form.
        case post(Secret<[UInt8]>)

        public static func == (left: Method, right: Method) -> Bool {
            switch (left, right) {
            case (.get, .get), (.post, .post): true
            default: false
            }
        }
    }

    public var method: Method
    /// Always https.
    public var url: String
    public var authorization: Secret<String>?
    /// From the call to the last byte, in place of ``ProviderLimits/total``.
    public var time: Duration?

    public init(_ method: Method, url: String, authorization: Secret<String>?, within time: Duration? = nil) {
        self.time = time
        self.method = method
        self.url = url
        self.authorization = authorization
    }

    /// What a pooled handle is kept under: scheme and authority.
    var origin: Substring {
        guard let start = url.firstRange(of: "://")?.upperBound else { return url[...] }
        return url[..<(url[start...].firstIndex { "/?#".contains($0) } ?? url.endIndex)]
    }
}

/// An answer of at most ``ProviderLimits/longestAnswer`` bytes.
public struct ProviderResponse: Sendable {
    public var status: Int
    /// The field Retry-After, if there is one.
    public var retryAfter: String?
    /// The field Location, which is never followed.
    public var location: String?
    public var body: [UInt8]
    /// How long the request waited for a free thread; only then was it begun.
    public var waited: Duration

    public init(status: Int, retryAfter: String?, location: String? = nil, body: [UInt8], waited: Duration = .zero) {
        self.status = status
        self.retryAfter = retryAfter
        self.location = location
        self.body = body
        self.waited = waited
    }
}

/// How long and how much a provider is listened to.
public struct ProviderLimits: Sendable {
    public var connecting: Duration
    /// From the call to the last byte, waiting for a free thread included.
    public var total: Duration
    /// Bytes of a body.
    public var longestAnswer: Int
    /// Requests under way and waiting; more are refused.
    public var pending: Int

    public init(
        connecting: Duration = .seconds(5), total: Duration = .seconds(15), longestAnswer: Int = 1024 * 1024,
        pending: Int = 256
    ) {
        self.connecting = connecting
        self.total = total
        self.longestAnswer = longestAnswer
        self.pending = pending
    }
}
