import Testing

@testable import Edge

@Suite struct SharingTests {
    private var sharing = Sharing()
    private let second: UInt64 = 1_000_000_000

    @Test func startsOnlyInACrowd() {
        var sharing = sharing
        sharing.crowd(15, at: 0)
        #expect(!sharing.isOn)
        sharing.crowd(16, at: 0)
        #expect(sharing.isOn)
    }

    @Test func goesOnWhileSeveralRequestsLeaveTogether() {
        var sharing = crowded()
        for _ in 0..<1_000 { sharing.wrote(3, at: 0) }
        #expect(sharing.isOn)
    }

    @Test func stopsWhenRequestsLeaveOneByOneAndIsNotTriedAgainAtOnce() {
        var sharing = crowded()
        for _ in 0..<63 { sharing.wrote(1, at: 0) }
        #expect(sharing.isOn)
        sharing.wrote(1, at: 0)
        #expect(!sharing.isOn)
        sharing.crowd(100, at: 9 * second)
        #expect(!sharing.isOn)
        sharing.crowd(100, at: 10 * second)
        #expect(sharing.isOn)
    }

    @Test func stopsWhenAnswersAreLarge() {
        var sharing = crowded()
        for _ in 0..<100 { sharing.answered(65_536, at: 0) }
        #expect(!sharing.isOn)
        sharing.crowd(100, at: 20 * second)
        #expect(!sharing.isOn)
        for _ in 0..<100 { sharing.answered(200, at: 0) }
        sharing.crowd(100, at: 20 * second)
        #expect(sharing.isOn)
    }

    @Test func oneEnormousAnswerChangesNothing() {
        var sharing = crowded()
        for _ in 0..<100 { sharing.answered(200, at: 0) }
        sharing.answered(.max, at: 0)
        #expect(sharing.isOn)
    }

    private func crowded() -> Sharing {
        var sharing = sharing
        sharing.crowd(16, at: 0)
        return sharing
    }
}
