import CCurl

/// Why a provider gave no answer. Every text in it is safe to log and to show.
public enum ProviderError: Error, Sendable, Equatable {
    /// Not an https URL.
    case badURL
    case cannotResolve(origin: String)
    case cannotConnect(origin: String)
    /// The proxy named by the environment (HTTPS_PROXY) cannot be reached or refuses.
    case proxyFailed(origin: String)
    /// Wrong name, unknown issuer, expired; `detail` is what the TLS library says.
    case certificateNotTrusted(origin: String, detail: String)
    case tlsFailed(origin: String)
    /// The file with extra trust anchors cannot be read, or has none.
    case trustFileUnusable
    case timedOut(origin: String)
    /// There was no connection in time; the request has not left.
    case notSentInTime(origin: String)
    case answerTooLarge(origin: String)
    /// The connection ended before the answer did.
    case connectionLost(origin: String)
    /// The answer is not HTTP.
    case notHTTP(origin: String)
    /// Too many requests are waiting already.
    case busy
    /// Something rarer; the number is libcurl's.
    case other(origin: String, code: Int)

    init(_ code: CURLcode, origin: String, detail: String, wasSent: Bool) {
        self =
            switch code {
            case CURLE_OPERATION_TIMEDOUT where !wasSent, CURLE_ABORTED_BY_CALLBACK: .notSentInTime(origin: origin)
            case CURLE_URL_MALFORMAT: .badURL
            // The URL is known to be https here: it is the answer that libcurl cannot read.
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: .notHTTP(origin: origin)
            case CURLE_COULDNT_RESOLVE_HOST: .cannotResolve(origin: origin)
            case CURLE_COULDNT_CONNECT: .cannotConnect(origin: origin)
            case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxyFailed(origin: origin)
            case CURLE_PEER_FAILED_VERIFICATION: .certificateNotTrusted(origin: origin, detail: detail)
            case CURLE_SSL_CONNECT_ERROR: .tlsFailed(origin: origin)
            case CURLE_SSL_CACERT_BADFILE: .trustFileUnusable
            case CURLE_OPERATION_TIMEDOUT: .timedOut(origin: origin)
            case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
                .connectionLost(origin: origin)
            default: .other(origin: origin, code: Int(code.rawValue))
            }
    }
}

extension ProviderError {
    /// Whether the provider may have had the request.
    var mayHaveArrived: Bool {
        switch self {
        case .timedOut, .answerTooLarge, .connectionLost, .notHTTP, .other: true
        case .badURL, .cannotResolve, .cannotConnect, .proxyFailed, .certificateNotTrusted, .tlsFailed,
            .trustFileUnusable, .notSentInTime, .busy:
            false
        }
    }
}

extension ProviderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badURL: "not an https URL"
        case .cannotResolve(let origin): "the name in \(origin) cannot be resolved"
        case .cannotConnect(let origin): "no connection to \(origin)"
        case .proxyFailed(let origin): "the proxy on the way to \(origin) failed"
        case .certificateNotTrusted(let origin, let detail): "the certificate of \(origin) is not trusted: \(detail)"
        case .tlsFailed(let origin): "no TLS connection to \(origin)"
        case .trustFileUnusable: "the CA file cannot be used"
        case .notSentInTime(let origin): "no connection to \(origin) in time"
        case .timedOut(let origin): "\(origin) did not answer in time"
        case .answerTooLarge(let origin): "the answer of \(origin) is too large"
        case .connectionLost(let origin): "\(origin) ended the connection before its answer was complete"
        case .notHTTP(let origin): "\(origin) did not answer in HTTP"
        case .busy: "too many requests to the provider are waiting"
        case .other(let origin, let code): "the request to \(origin) failed (libcurl error \(code))"
        }
    }
}
