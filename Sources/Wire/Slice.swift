/// A range of a head's bytes, counted from the first byte of the span that was parsed.
public struct Slice: Hashable, Sendable {
    public var offset: UInt32
    public var count: UInt32

    public init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    /// The same as indices, for `RawSpan.extracting(_:)` and array slices.
    public var range: Range<Int> {
        Int(offset)..<Int(offset) + Int(count)
    }

    /// Spans parsed here are at most ``HeadLimits/ceiling`` bytes long, so nothing is cut off.
    @inline(__always)
    init(_ start: Int, _ end: Int) {
        self.init(offset: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: end - start))
    }

    public static let empty = Slice(offset: 0, count: 0)
}
