/// A moment of wall-clock time, in milliseconds since 1970-01-01 UTC.
///
/// Pure code takes it as an argument; only the executable's wiring reads a clock.
public struct Timestamp: Hashable, Sendable, Comparable, Codable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Later by a duration; stays at the largest representable moment instead of overflowing.
    public static func + (start: Timestamp, duration: Duration) -> Timestamp {
        let (sum, overflow) = start.milliseconds.addingReportingOverflow(duration.milliseconds)
        return Timestamp(milliseconds: overflow ? (duration > .zero ? .max : .min) : sum)
    }

    public static func - (start: Timestamp, duration: Duration) -> Timestamp {
        start + (.zero - duration)
    }

    /// How long from `other` until this moment; negative when this moment came first.
    public func since(_ other: Timestamp) -> Duration {
        .milliseconds(milliseconds.subtractingReportingOverflow(other.milliseconds).partialValue)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero and clamped to what `Int64` holds.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds > 0 ? .max : .min }
        return product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
    }
}
