import Basics
import Synchronization
import Testing

@testable import Sessions

@Suite(.timeLimit(.minutes(1)))
struct PrincipalKeeperTests {
    private let clock = TestClock()
    private let provider: TestGranting
    private let reports = Log<Result<Void, PrincipalFailure>>()
    private let keeper: PrincipalKeeper
    /// Another, whose pauses last until whoever waits has an answer.
    private let patient: PrincipalKeeper
    private let id = PrincipalID(workspace: 0, index: 1)

    init() {
        let (clock, reports) = (clock, reports)
        provider = TestGranting(clock: clock)
        keeper = PrincipalKeeper(
            granting: provider, clock: clock.wall, random: .seeded(1), pause: Pause { _ in await Task.yield() }
        ) { _, outcome in reports.add(outcome) }
        patient = PrincipalKeeper(
            granting: provider, clock: clock.wall, random: .seeded(1),
            pause: Pause { _ in try? await Task.sleep(for: .seconds(3600)) })
    }

    private func obtain(after generation: UInt64 = 0) async throws(PrincipalFailure) -> PrincipalToken {
        try await keeper.obtain(id, after: generation)
    }

    /// Whoever is under way comes to an end.
    private func settle(_ count: Int) async throws {
        for _ in 0..<10_000 where reports.all.count < count { await Task.yield() }
        while reports.all.count < count { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test func manyWhoAskShareOneQuestion() async throws {
        provider.hold()
        let (keeper, id) = (keeper, id)
        let asking = Task {
            try await withThrowingTaskGroup(of: PrincipalToken.self) { group in
                for _ in 0..<200 { group.addTask { try await keeper.obtain(id, after: 0) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        while provider.asked.isEmpty { await Task.yield() }
        provider.letGo()
        let tokens = try await asking.value
        #expect(Set(tokens.map { $0.accessToken.reveal() }) == ["token-1"])
        #expect(Set(tokens.map(\.generation)) == [1])
        #expect(provider.asked == [id])
        #expect(try await obtain().generation == 1)
        #expect(provider.asked == [id] && reports.all.count == 1)
    }

    @Test func eachPrincipalHasItsOwnToken() async throws {
        let other = PrincipalID(workspace: 1, index: 1)
        let (first, second) = (try await obtain(), try await keeper.obtain(other, after: 0))
        #expect(first.accessToken.reveal() != second.accessToken.reveal())
        #expect(provider.asked == [id, other])
    }

    @Test func oneWhoLeavesDoesNotTakeTheQuestionAlong() async throws {
        provider.hold()
        let (keeper, id) = (keeper, id)
        let leaving = Task { try await keeper.obtain(id, after: 0) }
        while provider.asked.isEmpty { await Task.yield() }
        leaving.cancel()
        provider.letGo()
        #expect(try await obtain().generation == 1)
        #expect(provider.asked.count == 1)
    }

    @Test func aTokenIsRenewedAheadOfItsEndWhileItServes() async throws {
        _ = try await obtain()
        keeper.tick()
        clock.advance(.seconds(3000))
        keeper.tick()
        #expect(provider.asked.count == 1)
        clock.advance(.seconds(310))
        provider.hold()
        keeper.tick()
        keeper.tick()
        while provider.asked.count < 2 { await Task.yield() }
        #expect(try await obtain().generation == 1)
        provider.letGo()
        try await settle(2)
        #expect(try await obtain().generation == 2)
        #expect(provider.asked.count == 2)
    }

    @Test func aPersonsTokenIsRenewedForThoseWhoUseItAndThenForgotten() async throws {
        let person = PrincipalID(workspace: 0, person: SessionID(high: 1, low: 2))
        #expect(try await keeper.obtain(person, after: 0).generation == 1)
        clock.advance(.seconds(3310))
        keeper.tick()
        #expect(provider.asked.count == 1)
        #expect(try await keeper.obtain(person, after: 1).generation == 2)
        clock.advance(.seconds(3601))
        keeper.tick()
        // Whoever still holds the last one must not take the next for an older one.
        #expect(try await keeper.obtain(person, after: 2).generation == 3)
    }

    @Test func whatNobodyAskedForIsNotRenewed() {
        keeper.tick()
        clock.advance(.seconds(100_000))
        keeper.tick()
        #expect(provider.asked.isEmpty)
    }

    @Test func anExpiredTokenIsNotGiven() async throws {
        _ = try await obtain()
        clock.advance(.seconds(3600))
        #expect(try await obtain().generation == 2)
    }

    @Test func failuresArePausedAfterAndTold() async throws {
        provider.fail(.passing(reason: "down", retryAfter: .seconds(30)))
        await #expect(throws: PrincipalFailure.passing(reason: "down", retryAfter: .seconds(30))) { try await obtain() }
        clock.advance(.seconds(10))
        await #expect(throws: PrincipalFailure.passing(reason: "down", retryAfter: .seconds(20))) { try await obtain() }
        keeper.tick()
        #expect(provider.asked.count == 1)
        clock.advance(.seconds(20))
        provider.fail(nil)
        #expect(try await obtain().generation == 1)
        #expect(provider.asked.count == 2)
        #expect(reports.all.count == 2)
    }

    @Test func aRefusalIsToldAsOneAndAskedAgainLater() async throws {
        provider.fail(.refused(reason: "invalid_client"))
        for _ in 0..<3 {
            await #expect(throws: PrincipalFailure.refused(reason: "invalid_client")) { try await obtain() }
        }
        #expect(provider.asked.count == 1)
        clock.advance(.seconds(2))
        provider.fail(nil)
        #expect(try await obtain().generation == 1)
    }

    @Test func aGoodTokenServesThroughFailuresOfItsRenewal() async throws {
        _ = try await obtain()
        clock.advance(.seconds(3400))
        provider.fail(.passing(reason: "down", retryAfter: nil))
        keeper.tick()
        try await settle(2)
        #expect(try await obtain().generation == 1)
        keeper.tick()
        #expect(provider.asked.count == 2)
        clock.advance(.seconds(2))
        provider.fail(nil)
        keeper.tick()
        try await settle(3)
        #expect(try await obtain().generation == 2)
    }

    @Test func aRejectedTokenIsReplacedUnlessItIsFresh() async throws {
        #expect(try await obtain().generation == 1)
        clock.advance(.seconds(4))
        #expect(try await obtain(after: 1).generation == 1)
        #expect(provider.asked.count == 1)
        clock.advance(.seconds(2))
        #expect(try await obtain(after: 1).generation == 2)
        // Somebody else has seen to it.
        #expect(try await obtain(after: 1).generation == 2)
        #expect(provider.asked.count == 2)
    }

    @Test func whereReplacingFailsWhoRejectedHearsOfIt() async throws {
        _ = try await obtain()
        clock.advance(.seconds(6))
        provider.fail(.passing(reason: "down", retryAfter: nil))
        await #expect(throws: PrincipalFailure.passing(reason: "down", retryAfter: nil)) { try await obtain(after: 1) }
        #expect(try await obtain().generation == 1)
    }

    @Test func readinessIsWhatARequestWouldMeet() async throws {
        for _ in 0..<5 { #expect(await readiness() == .ready) }
        #expect(provider.asked.count == 1)
        clock.advance(.seconds(3601))
        provider.fail(.refused(reason: "invalid_client"))
        for _ in 0..<5 { #expect(await readiness() == .refused) }
        #expect(provider.asked.count == 2)
        clock.advance(.seconds(100))
        provider.fail(.passing(reason: "down", retryAfter: .seconds(30)))
        #expect(await readiness() == .failing(retryAfter: .seconds(30)))
        clock.advance(.seconds(10))
        #expect(await readiness() == .failing(retryAfter: .seconds(20)))
        #expect(provider.asked.count == 3)
    }

    @Test func readinessIsNotWaitedForWithoutEnd() async throws {
        let hasty = PrincipalKeeper(
            granting: provider, clock: clock.wall, random: .seeded(1), pause: Pause { _ in })
        provider.hold()
        for _ in 0..<20 { #expect(await hasty.readiness(of: id, within: .seconds(3)) == .unanswered) }
        #expect(provider.asked.count <= 1)
        provider.letGo()
        #expect(try await hasty.obtain(id, after: 0).generation == 1)
        #expect(await hasty.readiness(of: id, within: .seconds(3)) == .ready)
        #expect(provider.asked.count == 1)
    }

    private func readiness() async -> PrincipalReadiness {
        await patient.readiness(of: id, within: .seconds(3))
    }

    @Test func tokensThatLiveShortlyAreNotAskedForWithoutPause() async throws {
        provider.live(.seconds(1))
        _ = try await obtain()
        for _ in 0..<10 { keeper.tick() }
        #expect(provider.asked.count == 1)
    }
}

/// Grants `token-1`, `token-2`, … when it is let go.
private final class TestGranting: PrincipalGranting {
    private struct State {
        var asked: [PrincipalID] = []
        var failure: PrincipalFailure?
        var life = Duration.seconds(3600)
        var isHeld = false
    }

    private let state = Mutex(State())
    private let clock: TestClock

    init(clock: TestClock) { self.clock = clock }

    var asked: [PrincipalID] { state.withLock { $0.asked } }

    func fail(_ failure: PrincipalFailure?) { state.withLock { $0.failure = failure } }
    func live(_ life: Duration) { state.withLock { $0.life = life } }
    func hold() { state.withLock { $0.isHeld = true } }
    func letGo() { state.withLock { $0.isHeld = false } }

    func token(for id: PrincipalID) async throws(PrincipalFailure) -> PrincipalToken {
        let (failure, life, number) = state.withLock { state in
            state.asked.append(id)
            return (state.failure, state.life, state.asked.count)
        }
        while state.withLock({ $0.isHeld }) { try? await Task.sleep(for: .milliseconds(1)) }
        if let failure { throw failure }
        return PrincipalToken(
            accessToken: Secret("token-\(number)"), obtainedAt: clock.now, expiresAt: clock.now + life)
    }
}
