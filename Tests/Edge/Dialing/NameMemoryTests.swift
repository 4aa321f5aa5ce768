import NIOCore
import Testing

@testable import Edge

@Suite("How long an answer is good for")
struct NameMemoryTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let times = LookupTimes(fresh: .seconds(5), patience: .seconds(2), kept: .seconds(60))

    private func at(_ second: Int64) -> NIODeadline { start + .seconds(second) }

    @Test("a young answer saves asking, an older one is kept for when asking brings nothing")
    func ages() throws {
        let answer = [try SocketAddress(ipAddress: "192.0.2.1", port: 443)]
        var memory = NameMemory(times)
        #expect(memory.fresh(at: at(0)) == nil && memory.kept(at: at(0)) == nil)
        memory.learn(answer, at: at(0))
        #expect(memory.fresh(at: at(4)) == answer)
        #expect(memory.fresh(at: at(5)) == nil && memory.kept(at: at(5)) == answer)
        memory.failed(at: at(6))
        #expect(memory.isFailing && memory.fresh(at: at(10)) == answer)
        #expect(memory.fresh(at: at(11)) == nil && memory.kept(at: at(60)) == answer)
        memory.failed(at: at(59))
        #expect(memory.fresh(at: at(60)) == answer)
        #expect(memory.fresh(at: at(61)) == nil && memory.kept(at: at(61)) == nil)
        memory.learn(answer, at: at(70))
        #expect(!memory.isFailing && memory.fresh(at: at(71)) == answer)
    }

    @Test("a failure without an answer before it leaves nothing")
    func nothing() {
        var memory = NameMemory(times)
        memory.failed(at: at(0))
        #expect(memory.fresh(at: at(1)) == nil && memory.kept(at: at(1)) == nil)
    }
}
