/// The readers of bytes from outside, each with rules that hold for any bytes at all.
///
/// Shared by the fuzzer and by the tests that replay its inputs. The names are those of the folders with the inputs.
public enum FuzzedReader: String, CaseIterable, Sendable {
    /// Heads of HTTP/1 requests and answers.
    case heads
    /// Chunked bodies.
    case chunks
    /// Connections of HTTP/2, by the server's side and by the client's.
    case server, client
    /// Header blocks of HTTP/2, which become heads of HTTP/1.1.
    case transcripts
    /// Replies of Redis.
    case resp
    /// JSON of the token endpoint, of SCIM Me, and of a workspace's errors.
    case answers
    /// Queries that a browser brings back from the provider, and forms.
    case callbacks
    /// Cookie fields, and the session tokens in them.
    case cookies
    /// Sealed records as the store gives them.
    case envelopes
    /// What stands in a sealed record.
    case records
    /// The configuration file.
    case settings
    /// The keyring file.
    case keyring
    /// Where a person asks to go after login, and what is put into URLs.
    case paths
    /// Signed tokens.
    case tokens

    /// The name of the rule that an input breaks, or `nil`.
    public func brokenRule(for input: [UInt8]) -> String? {
        switch self {
        case .heads: brokenHeadRule(input)
        case .chunks: brokenChunkRule(input)
        case .server: brokenServerRule(input)
        case .client: brokenClientRule(input)
        case .transcripts: brokenTranscriptRule(input)
        case .resp: brokenRESPRule(input)
        case .answers: brokenAnswerRule(input)
        case .callbacks: brokenCallbackRule(input)
        case .cookies: brokenCookieRule(input)
        case .envelopes: brokenEnvelopeRule(input)
        case .records: brokenRecordRule(input)
        case .settings: brokenSettingsRule(input)
        case .keyring: brokenKeyringRule(input)
        case .paths: brokenPathRule(input)
        case .tokens: brokenSignedTokenRule(input)
        }
    }
}
