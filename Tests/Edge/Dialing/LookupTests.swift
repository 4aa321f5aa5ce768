import NIOCore
import NIOPosix
import Testing

@testable import Edge

@Suite("Following DNS")
struct LookupTests {
    private func workspace(at host: String = "127.0.0.1") async throws -> Place {
        try await Place(.workspace(try Certified.kit.get().server), at: host)
    }

    /// Nothing is fresh, so that every dial asks.
    private var asking: DialTimes {
        var times = Rehearsal.times
        times.lookup.fresh = .zero
        return times
    }

    @Test("a name without addresses is said, and found as soon as it has some")
    func heals() async throws {
        let place = try await workspace()
        let rehearsal = try await Rehearsal(ScriptedNames(.failure(.noAnswer)))
        let failure = try await rehearsal.expectFailure()
        #expect(failure.cause == .name && failure.attempts.isEmpty)
        #expect(failure.text == "cannot connect to workspace.test:443: DNS gives no answer for workspace.test")
        rehearsal.names.become(.addresses([]))
        #expect(try await rehearsal.expectFailure().text.hasSuffix(": workspace.test has no address"))
        rehearsal.names.become(.addresses([place.address]))
        try await rehearsal.expect(place.address)
    }

    @Test("the last addresses serve while DNS fails, said once, and its end is said")
    func outage() async throws {
        let place = try await workspace()
        let rehearsal = try await Rehearsal(ScriptedNames(place.address), times: asking)
        try await rehearsal.expect(place.address)
        rehearsal.names.become(.failure(.noAnswer))
        for _ in 0..<3 { try await rehearsal.expect(place.address) }
        #expect(rehearsal.log.count(of: "the last known addresses are used") == 1)
        rehearsal.names.become(.addresses([place.address]))
        try await rehearsal.expect(place.address)
        #expect(rehearsal.log.count(of: "the name has addresses again") == 1)
        #expect(rehearsal.names.count == 5)
    }

    @Test("the last addresses serve while DNS hangs, and nobody asks a second time meanwhile")
    func hangs() async throws {
        let place = try await workspace()
        var times = asking
        times.lookup.patience = .milliseconds(100)
        let rehearsal = try await Rehearsal(ScriptedNames(place.address), times: times)
        try await rehearsal.expect(place.address)
        rehearsal.names.become(.silence)
        for _ in 0..<3 { try await rehearsal.expect(place.address) }
        #expect(rehearsal.names.count == 2)
        rehearsal.names.become(.addresses([place.address]))
        rehearsal.names.release()
        try await eventually("a new question") {
            try await rehearsal.expect(place.address)
            return rehearsal.names.count > 2
        }
    }

    @Test("the last addresses do not serve for ever")
    func tooOld() async throws {
        let place = try await workspace()
        var times = asking
        times.lookup.kept = .zero
        let rehearsal = try await Rehearsal(ScriptedNames(place.address), times: times)
        try await rehearsal.expect(place.address)
        rehearsal.names.become(.failure(.noSuchName))
        #expect(try await rehearsal.expectFailure().cause == .name)
    }

    @Test("without any address, DNS that hangs ends with the time for connecting")
    func hangsAtFirst() async throws {
        var times = asking
        times.connect = .milliseconds(200)
        times.lookup.patience = .milliseconds(50)
        let rehearsal = try await Rehearsal(ScriptedNames(.silence), times: times)
        #expect(try await rehearsal.expectFailure().cause == .name)
        rehearsal.names.release()
    }

    @Test("a change is followed")
    func follows() async throws {
        let (before, after) = (try await workspace(), try await workspace(at: "127.0.0.2"))
        let rehearsal = try await Rehearsal(ScriptedNames(before.address), times: asking)
        try await rehearsal.expect(before.address)
        rehearsal.names.become(.addresses([after.address]))
        try await rehearsal.expect(after.address)
        #expect(before.count == 1 && after.count == 1)
    }

    @Test("dials at the same time share one question, and a young answer saves the next")
    func shares() async throws {
        let place = try await workspace()
        var times = Rehearsal.times
        times.lookup.fresh = .hours(1)
        let rehearsal = try await Rehearsal(ScriptedNames(place.address), times: times)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await rehearsal.expect(place.address) } }
            try await group.waitForAll()
        }
        try await rehearsal.expect(place.address)
        #expect(rehearsal.names.count == 1)
    }

    @Test("the system knows addresses and this machine's own name, and says what it does not know")
    func system() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        for literal in ["127.0.0.1", "::1"] {
            let found = try await SystemNames().addresses(of: literal, port: 443, on: eventLoop).get()
            #expect(found == [try SocketAddress(ipAddress: literal, port: 443)])
        }
        let own = try await SystemNames().addresses(of: "localhost", port: 1, on: eventLoop).get()
        #expect(own.contains(try SocketAddress(ipAddress: "127.0.0.1", port: 1)))
        await #expect(throws: LookupFailure.self) {
            try await SystemNames().addresses(of: "no..name", port: 1, on: eventLoop).get()
        }
    }
}
