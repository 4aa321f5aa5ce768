import Basics

/// What a keeper needs from outside.
public struct KeeperParts: Sendable {
    public var records: SealedRecords
    public var refresher: any TokenRefresher
    /// `nil` where no provider takes revocations.
    public var revoker: (any TokenRevoker)?
    public var clock: WallClock
    public var random: RandomSource
    public var pause: Pause
    /// Time on a clock that nobody sets, and that goes on while the process is stopped.
    public var uptime: Uptime
    /// Names this process among those that share the store; different after each start.
    public let replica: String
    public var limits: KeeperLimits
    /// Hears of what is worth counting or logging; called from any thread, must not block.
    public var report: @Sendable (KeeperEvent) -> Void

    public init(
        records: SealedRecords, refresher: any TokenRefresher, revoker: (any TokenRevoker)? = nil,
        clock: WallClock, random: RandomSource,
        pause: Pause = .system, uptime: Uptime = .system,
        limits: KeeperLimits = KeeperLimits(),
        report: @escaping @Sendable (KeeperEvent) -> Void = { _ in }
    ) {
        self.records = records
        self.refresher = refresher
        self.revoker = revoker
        self.clock = clock
        self.random = random
        self.pause = pause
        self.uptime = uptime
        replica = Base64URL.encode(random.bytes(16))
        self.limits = limits
        self.report = report
    }
}

/// Time since some moment on a clock that nobody sets: the system's in production, a variable in a test.
public struct Uptime: Sendable {
    public let now: @Sendable () -> Duration

    public init(now: @escaping @Sendable () -> Duration) {
        self.now = now
    }

    private static let start = ContinuousClock.now

    public static let system = Uptime { start.duration(to: .now) }
}

/// How to let time pass: the system in production, at once in a test.
public struct Pause: Sendable {
    public let wait: @Sendable (Duration) async -> Void

    public init(wait: @escaping @Sendable (Duration) async -> Void) {
        self.wait = wait
    }

    /// Ends early if the task is cancelled.
    public static let system = Pause { duration in
        try? await Task.sleep(for: duration)
    }
}

public struct KeeperLimits: Sendable {
    public var policy = RefreshPolicy()
    /// For how long the provider of a workspace takes a spent refresh token again, where it does.
    public var graces: [String: Duration] = [:]
    /// A session that nobody used for this long is no longer refreshed without traffic.
    public var idleAfter: Duration = .seconds(86_400)
    /// Sessions refreshed without traffic by this process, at most. Others are refreshed when they are used.
    public var heldSessions = 200_000
    /// Refreshes without traffic at the same time.
    public var refreshesAtOnce = 32
    /// Of these, at the token endpoint of one workspace.
    public var refreshesAtOnePlace = 16
    /// After so many attempts to store a grant, those who wait are told that the store does not answer;
    /// the attempts go on.
    public var storeAttemptsBeforeAnswer = 3
    /// A session in use is compared with the store when that was not done for so long.
    public var staleness: Duration = .seconds(5)
    /// But no more of them, so that many sessions cost no more than few.
    public var comparisonsPerSecond = 200
    /// No session lives longer; for so long one is remembered to have ended if its end is not known.
    public var longestLife: Duration = .seconds(400 * 86_400)
    /// Changes of one record that may be lost to other writers before giving up.
    public var editAttempts = 8
    /// Records that are read at the same time when all sessions are gone over.
    public var readsAtOnce = 32
    /// Revocations at the same time; further ones wait, up to a number and for a while.
    public var revocationsAtOnce = 4
    public var revocationsWaiting = 4096
    public var revocationPatience: Duration = .seconds(60)

    public init() {}

    func policy(for workspace: String?) -> RefreshPolicy {
        var policy = policy
        if let grace = workspace.flatMap({ graces[$0] }) { policy.grace = grace }
        return policy
    }
}

/// What a keeper reports. Every text in it is safe to log.
public enum KeeperEvent: Sendable, Equatable {
    case refreshed(SessionID)
    /// Somebody else had refreshed before.
    case refreshAdopted(SessionID)
    case refreshFailed(SessionID, reason: String)
    case grantIsDead(SessionID, reason: String)
    /// A fresh grant could not be stored yet and is kept in memory.
    case grantWaitsForStore(SessionID, StoreError)
    case begun(SessionID)
    /// The store had lost the session, or its last change, and has it again.
    case restored(SessionID)
    case ended(SessionID)
    /// The provider knows that the refresh token of an ended session is of no more use.
    case revoked(SessionID, workspace: String)
    /// It does not. The workspace is empty where it is not known.
    case notRevoked(SessionID, workspace: String, reason: String)
    /// Left unused for too long; refreshed again when it is used.
    case letGo(SessionID)
}
