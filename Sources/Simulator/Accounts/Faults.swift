/// What the token endpoint is told to do wrong, to test those who call it.
public enum TokenFault: Sendable, Equatable {
    /// An error status with a JSON body; 429 and 503 carry `Retry-After: 1`.
    case status(Int)
    /// The right answer, late.
    case slow(Duration)
    /// The right work is done, but the connection is cut instead of answering: the caller lost the result.
    case lostAnswer
    /// Status 200 with HTML.
    case garbage
}

/// How often things happened since the start.
public struct SimulatorCounters: Sendable, Equatable {
    public var logins = 0
    public var codeExchanges = 0
    /// Successful refreshes.
    public var refreshes = 0
    /// Token requests with the refresh_token grant, whatever the outcome.
    public var refreshAttempts = 0
    /// Refresh tokens presented again after they were spent. Zero is what a good client causes.
    public var spentTwice = 0
    public var codesReplayed = 0
    /// Workspace calls let in, and turned away for their bearer.
    public var callsAccepted = 0
    public var callsRefused = 0

    public init() {}
}
