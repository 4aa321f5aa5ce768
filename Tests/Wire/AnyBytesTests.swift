import Testing
import Wire

/// A small generator with a seed (SplitMix64), so that every run tests the same inputs.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// The rules for any bytes at all are in Tests/Fuzz/Invariants.
@Suite struct AnyBytes {
    /// Every prefix of a good head asks for more, and reading on gives what reading at once gives.
    @Test func prefixesOfSeeds() throws {
        for (name, head) in try keptHeads(of: "request") {
            let whole = parse(head).0
            for count in head.indices {
                let part = parse(Array(head[..<count])).0
                guard case .complete(let length) = whole, count < length else {
                    #expect(part == whole || part == .incomplete, "\(name) \(count)")
                    continue
                }
                #expect(part == .incomplete, "\(name) \(count)")
                var resumed = RequestHead()
                #expect(resumed.parse(head.span.bytes, limits: HeadLimits(), examined: count) == whole)
            }
        }
    }
}
