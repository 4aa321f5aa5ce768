import Basics
import Testing

@testable import Sessions

@Suite struct TokenReplacementTests {
    private let replacement = TokenReplacement()

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + seconds * 1000) }

    @Test func allWhoWereRejectedWithOneTokenMayAsk() {
        for _ in 0..<100 { #expect(replacement.mayReplace(7, at: at(0))) }
        #expect(replacement.mayReplace(6, at: at(0)), "an older one even more so")
    }

    @Test func thePausesGrowWhileEachNewTokenIsRejected() {
        var now: Int64 = 0
        var pauses: [Int64] = []
        for generation in UInt64(1)...10 {
            let began = now
            while !replacement.mayReplace(generation, at: at(now)) { now += 1 }
            if generation > 1 { pauses.append(now - began) }
        }
        #expect(pauses == [5, 5, 10, 20, 40, 80, 160, 300, 300])
    }

    @Test func whatIsLongAgoIsForgotten() {
        for generation in UInt64(1)...2 { #expect(replacement.mayReplace(generation, at: at(Int64(generation) * 5))) }
        #expect(replacement.mayReplace(3, at: at(1000)))
        #expect(!replacement.mayReplace(4, at: at(1004)) && replacement.mayReplace(4, at: at(1005)))
    }

    @Test func aClockSetBackMakesNobodyWait() {
        #expect(replacement.mayReplace(1, at: at(1000)))
        #expect(replacement.mayReplace(2, at: at(0)))
    }
}
