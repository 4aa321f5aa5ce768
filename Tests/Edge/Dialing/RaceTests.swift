import NIOCore
import Testing

@testable import Edge

@Suite("Racing addresses, over real sockets")
struct RaceTests {
    private func workspace(at host: String = "127.0.0.1") async throws -> Place {
        try await Place(.workspace(try Certified.kit.get().server), at: host)
    }

    private func stranger(at host: String) async throws -> Place {
        try await Place(.workspace(try Certified.kit.get().stranger), at: host)
    }

    @Test("the only address is taken, over either family", arguments: ["127.0.0.1", "::1"])
    func single(host: String) async throws {
        let place = try await workspace(at: host)
        try await Rehearsal(ScriptedNames(place.address)).expect(place.address)
    }

    @Test("a dead first address costs nothing, and is tried last from then on")
    func deadFirst() async throws {
        let (dead, place) = (try await Place.deserted("127.0.0.2"), try await workspace())
        let rehearsal = try await Rehearsal(ScriptedNames(dead, place.address))
        for _ in 0..<3 { try await rehearsal.expect(place.address) }
        #expect(rehearsal.log.count(of: "tried last for a while") == 1)
        #expect(rehearsal.log.count(of: "refused") == 1)
    }

    @Test("an address that answers nothing holds nobody up, and is tried last from then on")
    func blackHoleFirst() async throws {
        let (hole, place) = (try BlackHole(at: "127.0.0.2"), try await workspace())
        var times = Rehearsal.times
        times.stagger = .milliseconds(50)
        let rehearsal = try await Rehearsal(ScriptedNames(hole.address, place.address), times: times)
        for _ in 0..<3 { try await rehearsal.expect(place.address) }
        #expect(rehearsal.log.count(of: "slower than another one") == 1)
        #expect(place.count == 3)
    }

    @Test("a workspace that closes during TLS is left for the next address, and not asked again soon")
    func closingFirst() async throws {
        let (closing, place) = (try await Place(.closing, at: "127.0.0.2"), try await workspace())
        let rehearsal = try await Rehearsal(ScriptedNames(closing.address, place.address))
        for _ in 0..<3 { try await rehearsal.expect(place.address) }
        #expect(closing.count == 1)
    }

    @Test("a workspace that is silent during TLS is left for the next address")
    func silentFirst() async throws {
        let (silent, place) = (try await Place(.silent, at: "127.0.0.2"), try await workspace())
        var times = Rehearsal.times
        times.handshake = .milliseconds(1500)
        try await Rehearsal(ScriptedNames(silent.address, place.address), times: times).expect(place.address)
        try await eventually("the silent one is left") { silent.openCount == 0 }
    }

    @Test("an address that lost the race comes back when the winner's certificate is wrong")
    func loserComesBack() async throws {
        let (hole, wrong) = (try BlackHole(at: "127.0.0.3"), try await stranger(at: "127.0.0.2"))
        var times = Rehearsal.times
        times.stagger = .milliseconds(20)
        times.connect = .seconds(2)
        let rehearsal = try await Rehearsal(ScriptedNames(hole.address, wrong.address), times: times)
        let failure = try await rehearsal.expectFailure()
        #expect(failure.attempts.map(\.address) == [wrong.address, hole.address])
        #expect(failure.attempts.map(\.cause) == [.tls, .unreachable])
        #expect(failure.text.contains("no answer in time (127.0.0.3"))
    }

    @Test("a wrong certificate at one address does not keep the others from being used")
    func oneWrong() async throws {
        let (wrong, place) = (try await stranger(at: "127.0.0.2"), try await workspace())
        try await Rehearsal(ScriptedNames(wrong.address, place.address)).expect(place.address)
    }

    @Test("a wrong certificate everywhere is said, with every address")
    func allWrong() async throws {
        let (one, two) = (try await stranger(at: "127.0.0.2"), try await stranger(at: "127.0.0.3"))
        let failure = try await Rehearsal(ScriptedNames(one.address, two.address)).expectFailure()
        #expect(failure.cause == .tls)
        #expect(failure.attempts.map(\.address) == [one.address, two.address])
        #expect(failure.text.hasPrefix("cannot connect to workspace.test:443: TLS: "))
        #expect(failure.text.contains("certificate") && failure.text.contains("(127.0.0.3 after "))
    }

    @Test("nobody anywhere")
    func allDead() async throws {
        let dead = [try await Place.deserted("127.0.0.2"), try await Place.deserted("::1")]
        let rehearsal = try await Rehearsal(ScriptedNames(.addresses(dead)))
        let failure = try await rehearsal.expectFailure()
        #expect(failure.cause == .unreachable && failure.attempts.map(\.address) == dead)
        #expect(failure.text.contains("Connection refused (127.0.0.2 after "), "\(failure.text)")
        #expect(failure.text.contains("Connection refused (::1 after "))
    }

    @Test("time is up while an address is silent")
    func outOfTime() async throws {
        let hole = try BlackHole(at: "127.0.0.2")
        var times = Rehearsal.times
        times.connect = .milliseconds(200)
        let failure = try await Rehearsal(ScriptedNames(hole.address), times: times).expectFailure()
        #expect(failure.cause == .unreachable && failure.attempts.count == 1)
        #expect(failure.text.contains("no answer in time"))
    }

    @Test("TLS that has begun may end after that time")
    func handshakeGoesOn() async throws {
        let silent = try await Place(.silent)
        var times = Rehearsal.times
        times.connect = .milliseconds(500)
        times.handshake = .milliseconds(1000)
        let failure = try await Rehearsal(ScriptedNames(silent.address), times: times).expectFailure()
        #expect(failure.cause == .tls && failure.text.contains("no TLS handshake in time"))
    }
}
