import Basics

/// What a keeper needs from outside.
public struct KeeperParts: Sendable {
    public var records: SealedRecords
    public var refresher: any TokenRefresher
    public var clock: WallClock
    public var random: RandomSource
    public var pause: Pause
    public var limits: KeeperLimits
    /// Hears of what is worth counting or logging; called from any thread, must not block.
    public var report: @Sendable (KeeperEvent) -> Void

    public init(
        records: SealedRecords, refresher: any TokenRefresher, clock: WallClock, random: RandomSource,
        pause: Pause = .system, limits: KeeperLimits = KeeperLimits(),
        report: @escaping @Sendable (KeeperEvent) -> Void = { _ in }
    ) {
        self.records = records
        self.refresher = refresher
        self.clock = clock
        self.random = random
        self.pause = pause
        self.limits = limits
        self.report = report
    }
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
    /// A session that nobody used for this long is no longer refreshed without traffic.
    public var idleAfter: Duration = .seconds(86_400)
    /// Sessions refreshed without traffic by this process, at most. Others are refreshed when they are used.
    public var heldSessions = 200_000
    /// Refreshes without traffic at the same time.
    public var refreshesAtOnce = 32
    /// After so many attempts to store a grant, those who wait are told that the store does not answer;
    /// the attempts go on.
    public var storeAttemptsBeforeAnswer = 3
    /// Changes of one record that may be lost to other writers before giving up.
    public var editAttempts = 8

    public init() {}
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
    case ended(SessionID)
    /// Left unused for too long; refreshed again when it is used.
    case letGo(SessionID)
}

extension RandomSource {
    /// A number from 0 up to 1.
    func fraction() -> Double {
        Double(word(bytes(8), 0) >> 11) / Double(UInt64(1) << 53)
    }
}
