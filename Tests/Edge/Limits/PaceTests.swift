import Testing

@testable import Edge

/// Rehearsals second by second: how many bytes came, and whether it was the peer's turn (`-`: it was not).
@Suite struct PaceTranscriptTests {
    private let rule = PaceRule(bytesPerSecond: 10, window: .seconds(3))

    /// One letter for each second: `.` goes on, `X` is too slow.
    private func transcript(_ seconds: String, _ rule: PaceRule) -> String {
        var pace = Pace()
        var (bytes, now) = (UInt64(7), UInt64(5_000_000_000))
        _ = pace.isTooSlow(bytes, at: now, rule)
        return seconds.split(separator: " ").map { second in
            now += 1_000_000_000
            guard let count = UInt64(second) else {
                pace.rest(at: now)
                return "."
            }
            bytes += count
            return pace.isTooSlow(bytes, at: now, rule) ? "X" : "."
        }.joined()
    }

    @Test(
        "a window is judged at its end, by what it brought, and only the peer's own time counts",
        arguments: [
            ("10 10 10", "..."), ("10 10 9", "..X"), ("0 0 30", "..."), ("0 0 0", "..X"),
            ("30 0 0 0 0 0", ".....X"), ("99 0 0 10 10 10", "......"),
            ("0 - - - - 0 - 30", "........"), ("10 - - 10 - 9", ".....X"), ("- - - - -", "....."),
        ])
    func windows(seconds: String, outcome: String) {
        #expect(transcript(seconds, rule) == outcome)
    }

    @Test("no rate asks for nothing")
    func off() {
        #expect(transcript("0 0 0 0 0 0", PaceRule(bytesPerSecond: 0, window: .seconds(3))) == "......")
    }
}
