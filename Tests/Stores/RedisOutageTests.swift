import NIOCore
import Sessions
import Testing

@testable import Stores

struct RedisOutageTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let error = StoreError.unavailable("nobody listens")

    @Test func tellsOfAnOutageOnceAndHowLongItLasted() {
        var outage = RedisOutage()
        outage.connectionLost(at: start)
        #expect(outage.attemptFailed(error, at: start + .seconds(1)) == .lost(error))
        #expect(outage.attemptFailed(error, at: start + .seconds(2)) == nil)
        outage.connectionMade(at: start + .seconds(5))
        #expect(outage.ended() == .back(after: .seconds(5)))
        #expect(!outage.isUnderWay && outage.ended() == nil)
    }

    @Test func saysNothingOfAConnectionThatIsMadeAgainAtOnce() {
        var outage = RedisOutage()
        outage.connectionLost(at: start)
        outage.connectionMade(at: start + .milliseconds(3))
        #expect(outage.ended() == nil)
        #expect(outage.attemptFailed(error, at: start + .seconds(9)) == .lost(error))
    }

    @Test func goesOnWhileTheServerHangsUpOnWhomItLetIn() {
        var outage = RedisOutage()
        #expect(outage.attemptFailed(error, at: start) == .lost(error))
        outage.connectionMade(at: start + .seconds(1))
        outage.connectionLost(at: start + .seconds(1))
        #expect(outage.ended() == nil)
        #expect(outage.attemptFailed(error, at: start + .seconds(2)) == nil)
        outage.connectionMade(at: start + .seconds(3))
        #expect(outage.ended() == .back(after: .seconds(3)))
    }
}
