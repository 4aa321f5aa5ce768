/// What the hot cache, or a slower look, says about the credential of a request.
public enum Lookup: Sendable, Equatable {
    case settled(Finding)
    /// A session token whose session this event loop does not hold.
    case mustLoad
    /// The session is known and its access token has run out.
    case mustRenew
    /// A bearer whose meaning this event loop does not know.
    case mustResolve
    /// No good access token is here of whom the request goes on as.
    case mustObtain(TokenHolder)
}

/// What the workspace's answer says about the access token that was sent.
public enum TokenJudgement: Sendable, Equatable {
    case accepted
    /// The status leaves it open; the beginning of the body will tell.
    case uncertain
    case rejected
}

/// How an attempt to get an answer from the workspace failed.
public enum UpstreamFailure: Sendable, Equatable {
    /// No connection came about; nothing was sent.
    case unreachable
    /// A connection taken from the pool broke before a byte of the answer.
    case stale
    /// A connection made for this request broke before a byte of the answer.
    case broke
    /// The workspace says that it did nothing with the request (RFC 9113, section 8.7).
    case unprocessed
    case nonsense
    case silent
}

/// What can still be done with the request when an attempt has failed.
public struct Replayability: Sendable, Equatable {
    /// Every byte of the body that has arrived is still held.
    public var bodyIsHeld: Bool
    /// Sending it twice does no more than sending it once (RFC 9110, section 9.2.2).
    public var isIdempotent: Bool

    public init(bodyIsHeld: Bool, isIdempotent: Bool) {
        self.bodyIsHeld = bodyIsHeld
        self.isIdempotent = isIdempotent
    }
}

/// What is to be done next for a request.
public enum RequestAction: ~Copyable, Sendable {
    case loadSession
    /// Get an access token newer than the one known.
    case renewSession
    /// Find out what the bearer stands for.
    case resolveBearer
    /// Get an access token newer than the one known.
    case obtainToken(TokenHolder)
    case forward(Permit)
    case redirectToLogin
    case refuse(Refusal)
    /// Hold the answer back until enough of its body is there to judge it.
    case judgeAnswer
    case passAnswer
    /// Pass the answer on, and get a newer access token beside it for the next request.
    case passAnswerAndRenew(Identity)
}

/// The life of one request, without its bytes: every input is a fact, every output the next thing to do.
///
///     headReceived -+-> loadSession --> sessionFound -+-> forward --> answered -+-> passAnswer
///                   +-> renewSession -> sessionFound -+                         +-> judgeAnswer --> judged
///                   +-> forward                                                 +-> renewSession (once) -> forward
///                   +-> redirectToLogin / refuse                    failed -----+-> forward (once) / refuse
public struct RequestMachine: Sendable {
    public let asker: Asker
    private let foreignBearers: ForeignBearerRule
    private var hasLoaded = false
    private var hasRenewed = false
    private var hasResolved = false
    private var hasObtained = false
    private var hasReplaced = false
    private var hasRetried = false
    private var unprocessed = 0
    /// Whose credential a permit was given for; `nil` before.
    public private(set) var identity: Identity?

    public init(asker: Asker, foreignBearers: ForeignBearerRule) {
        self.asker = asker
        self.foreignBearers = foreignBearers
    }

    public mutating func headReceived(_ lookup: Lookup) -> RequestAction {
        sessionFound(lookup)
    }

    /// The outcome of `resolveBearer`, `loadSession`, `renewSession` or `obtainToken`. Each is asked for once at the most.
    public mutating func sessionFound(_ lookup: Lookup) -> RequestAction {
        switch lookup {
        case .settled(let finding): return decide(finding)
        case .mustLoad:
            guard !hasLoaded else { return decide(.unknownSession) }
            hasLoaded = true
            return .loadSession
        case .mustRenew:
            guard !hasRenewed else { return decide(.unavailable(.providerUnavailable(retryAfter: 5))) }
            hasRenewed = true
            return .renewSession
        case .mustResolve:
            guard !hasResolved else { return decide(.unknownSession) }
            hasResolved = true
            return .resolveBearer
        case .mustObtain(let holder):
            guard !hasObtained else { return decide(.unavailable(.principalUnavailable(retryAfter: 5))) }
            hasObtained = true
            return .obtainToken(holder)
        }
    }

    /// The head of the workspace's answer is here.
    public mutating func answered(_ judgement: TokenJudgement, _ replay: Replayability) -> RequestAction {
        guard let identity, identity != .client else { return .passAnswer }
        switch judgement {
        case .accepted: return .passAnswer
        case .uncertain: return .judgeAnswer
        case .rejected: return rejected(identity, replay)
        }
    }

    /// The attempt failed before any of the answer was passed on.
    public mutating func failed(_ failure: UpstreamFailure, _ replay: Replayability) -> RequestAction {
        // A pooled connection may have been closed before the request reached it: nothing was lost.
        if failure == .stale, replay.isIdempotent, replay.bodyIsHeld, !hasRetried {
            hasRetried = true
            return forwardAgain()
        }
        if failure == .unprocessed, replay.bodyIsHeld, unprocessed < RequestMachine.mostUnprocessed {
            unprocessed += 1
            return forwardAgain()
        }
        return .refuse(failure.refusal)
    }

    private static let mostUnprocessed = 3

    private mutating func rejected(_ identity: Identity, _ replay: Replayability) -> RequestAction {
        if case .holder(let holder) = identity { return rejected(holder, replay) }
        guard replay.bodyIsHeld, !hasRenewed else {
            return hasRenewed ? .passAnswer : .passAnswerAndRenew(identity)
        }
        hasRenewed = true
        return .renewSession
    }

    private mutating func rejected(_ holder: TokenHolder, _ replay: Replayability) -> RequestAction {
        guard replay.bodyIsHeld, !hasReplaced else {
            return hasReplaced ? .passAnswer : .passAnswerAndRenew(.holder(holder))
        }
        (hasReplaced, hasObtained) = (true, true)
        return .obtainToken(holder)
    }

    private mutating func forwardAgain() -> RequestAction {
        switch identity {
        case .session: decide(.liveSession)
        case .holder(let holder): decide(.actingAs(holder))
        case .client, nil: decide(.foreignBearer)
        }
    }

    private mutating func decide(_ finding: Finding) -> RequestAction {
        switch Gate.decide(finding, asker: asker, foreignBearers: foreignBearers) {
        case .forward(let permit):
            identity = permit.identity
            return .forward(permit)
        case .login: return .redirectToLogin
        case .refuse(let refusal): return .refuse(refusal)
        }
    }
}

extension UpstreamFailure {
    fileprivate var refusal: Refusal {
        switch self {
        case .unreachable, .unprocessed: .upstreamUnreachable
        case .stale, .broke: .upstreamBroke
        case .nonsense: .upstreamNonsense
        case .silent: .upstreamSilent
        }
    }
}
