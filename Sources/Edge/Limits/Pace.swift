/// The least that somebody must bring or take who is waited for.
public struct PaceRule: Sendable, Equatable {
    /// 0 asks for nothing.
    public var bytesPerSecond: Int
    /// Over how much time of waiting it is measured.
    public var window: Duration

    public init(bytesPerSecond: Int, window: Duration) {
        self.bytesPerSecond = bytesPerSecond
        self.window = window
    }
}

/// Whether a peer keeps up with a ``PaceRule``. Looked at about once a second; moments are nanoseconds of one clock.
///
/// Only the time counts during which it was the peer's turn. Windows follow each other, so that a burst long ago excuses
/// nothing.
struct Pace {
    private var lookedAt: UInt64?
    private var waited: UInt64 = 0
    private var bytesBefore: UInt64 = 0

    /// Whether a window ends here with too few bytes.
    ///
    /// - Parameter bytes: How many there were so far; the number never shrinks.
    mutating func isTooSlow(_ bytes: UInt64, at now: UInt64, _ rule: PaceRule) -> Bool {
        guard rule.bytesPerSecond > 0 else { return false }
        guard let last = lookedAt else {
            bytesBefore = bytes
            lookedAt = now
            return false
        }
        lookedAt = now
        waited += now > last ? now - last : 0
        guard waited >= rule.nanoseconds else { return false }
        let least = Double(rule.bytesPerSecond) * Double(waited) / 1e9
        let brought = Double(bytes &- bytesBefore)
        waited = 0
        bytesBefore = bytes
        return brought < least
    }

    /// It is not the peer's turn: the time since the last look does not count.
    mutating func rest(at now: UInt64) {
        if lookedAt != nil { lookedAt = now }
    }
}

extension PaceRule {
    fileprivate var nanoseconds: UInt64 {
        let parts = window.components
        return UInt64(max(0, parts.seconds)) &* 1_000_000_000 &+ UInt64(max(0, parts.attoseconds)) / 1_000_000_000
    }
}
