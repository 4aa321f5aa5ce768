/// Counts down a body of known length.
public struct BodyMeter: Sendable {
    /// Bytes that are still to come.
    public private(set) var remaining: UInt64

    public init(length: UInt64) {
        remaining = length
    }

    public var isComplete: Bool { remaining == 0 }

    /// How many of the bytes at hand belong to the body; they are counted as taken. The rest is the next message.
    public mutating func take(_ available: Int) -> Int {
        let taken = min(UInt64(max(0, available)), remaining)
        remaining -= taken
        return Int(taken)
    }
}
