import NIOCore
import Sessions
import Testing

@testable import Stores

struct ClusterOutageTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let error = StoreError.unavailable("nobody listens")
    private let one = ClusterOutage.Part.server(RedisServerAddress(host: "one", port: 1))
    private let two = ClusterOutage.Part.server(RedisServerAddress(host: "two", port: 2))

    @Test func tellsOfTheFirstThatIsAwayAndOfTheLastThatIsBack() {
        var outage = ClusterOutage()
        #expect(outage.back(one, at: start) == nil)
        #expect(outage.lost(one, error, at: start) == .lost(error))
        #expect(outage.lost(two, error, at: start + .seconds(1)) == nil)
        #expect(outage.back(one, at: start + .seconds(2)) == nil && outage.isUnderWay)
        #expect(outage.back(one, at: start + .seconds(2)) == nil)
        #expect(outage.back(two, at: start + .seconds(3)) == .back(after: .seconds(3)))
        #expect(!outage.isUnderWay)
        #expect(outage.lost(.map, error, at: start + .seconds(9)) == .lost(error))
    }
}
