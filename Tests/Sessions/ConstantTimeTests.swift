import Basics
import Foundation
import Testing

@testable import Sessions

private let samples = ProcessInfo.processInfo.environment["LAKEGATE_TIMINGS"].flatMap { Int($0) }

/// Whether the time of a comparison tells how much of a secret was guessed: all but its last bit against random bytes, by turns that
/// chance decides, by Welch's t-test as dudect does it. |t| below 4.5 shows nothing; a leak grows with the number of samples.
///
/// `LAKEGATE_TIMINGS` says how many samples; a hundred thousand take some seconds. Only a build with optimization means anything:
/// `swift test -c release -Xswiftc -enable-testing`.
@Suite(.enabled(if: samples != nil, "LAKEGATE_TIMINGS names no number"), .serialized)
struct ConstantTimeTests {
    private let secret = (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }

    @Test func bytesTellNothing() {
        let found = welch { input in constantTimeEqual(secret, input) }
        print("constantTimeEqual: |t| = \(found)")
        #expect(found < 4.5)
    }

    @Test func digestsTellNothing() throws {
        let known = try #require(KeyDigest(bytes: secret))
        let found = welch(prepare: { KeyDigest(bytes: $0) ?? known }, { input in known == input })
        print("KeyDigest: |t| = \(found)")
        #expect(found < 4.5)
    }

    /// The trial must see what it looks for.
    @Test func aComparisonThatStopsEarlyIsSeen() {
        let found = welch { input in
            for index in secret.indices where secret[index] != input[index] { return false }
            return true
        }
        print("one that stops early: |t| = \(found)")
        #expect(found > 4.5)
    }

    private func welch(_ compare: ([UInt8]) -> Bool) -> Double { welch(prepare: { $0 }, compare) }

    /// Each sample is a hundred comparisons; the slowest tenth, which something else has held up, is left out.
    private func welch<Input>(prepare: ([UInt8]) -> Input, _ compare: (Input) -> Bool) -> Double {
        var times: [[Double]] = [[], []]
        var equal = 0
        let guess = secret.dropLast() + [secret[31] ^ 1]
        for _ in 0..<(samples ?? 0) {
            let kind = Int.random(in: 0...1)
            // Made in the same way, so that neither is nearer to the processor.
            let random = (0..<32).map { _ in UInt8.random(in: 0...255) }
            let input = prepare((0..<32).map { kind == 0 ? guess[$0] : random[$0] })
            let begun = ContinuousClock.now
            for _ in 0..<100 where compare(input) { equal += 1 }
            times[kind].append(Double(begun.duration(to: .now).components.attoseconds) / 1e9)
        }
        #expect(equal == 0)
        let cut = (times[0] + times[1]).sorted()[(times[0].count + times[1].count) * 9 / 10]
        let (near, far) = (Sample(times[0].filter { $0 < cut }), Sample(times[1].filter { $0 < cut }))
        return abs(near.mean - far.mean) / (near.spread + far.spread).squareRoot()
    }

    private struct Sample {
        let mean: Double
        /// Variance of the mean.
        let spread: Double

        init(_ times: [Double]) {
            let mean = times.reduce(0, +) / Double(times.count)
            self.mean = mean
            spread = times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(times.count - 1) / Double(times.count)
        }
    }
}
