import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Edge

@Suite("Ending dials")
struct DialEndTests {
    @Test("no answer comes inside the call, even when there is nothing to wait for")
    func neverInside() async throws {
        let rehearsal = try await Rehearsal(ScriptedNames(.failure(.noSuchName)))
        let order = NIOLockedValueBox<[String]>([])
        try await rehearsal.onLoop { dialer in
            dialer.dial { _ in order.withLockedValue { $0.append("answer") } }
            order.withLockedValue { $0.append("return") }
        }
        try await eventually("the answer") { order.withLockedValue { $0 } == ["return", "answer"] }
    }

    @Test("stopping ends what is under way at any stage, and what comes later", arguments: ["lookup", "TCP", "TLS"])
    func stops(stage: String) async throws {
        let (hole, silent) = (try BlackHole(at: "127.0.0.2"), try await Place(.silent))
        let answer: ScriptedNames.Answer =
            switch stage {
            case "lookup": .silence
            case "TCP": .addresses([hole.address])
            default: .addresses([silent.address])
            }
        let rehearsal = try await Rehearsal(ScriptedNames(answer))
        async let failure = rehearsal.expectFailure()
        try await eventually("a question") { rehearsal.names.count == 1 }
        if stage == "TLS" { try await eventually("a connection") { silent.count == 1 } }
        try await rehearsal.onLoop { $0.stop() }
        #expect(try await failure.cause == .stopped)
        #expect(try await rehearsal.expectFailure().cause == .stopped)
        try await eventually("nothing is left open") { silent.openCount == 0 }
        rehearsal.names.release()
    }

    @Test("a cancelled dial is never answered and leaves nothing open")
    func cancels() async throws {
        let silent = try await Place(.silent)
        let rehearsal = try await Rehearsal(ScriptedNames(silent.address))
        let answers = NIOLockedValueBox(0)
        let cancel = try await rehearsal.onLoop { dialer in
            let dial = dialer.dial { _ in answers.withLockedValue { $0 += 1 } }
            return NIOLoopBound(dial, eventLoop: dialer.eventLoop)
        }
        try await eventually("a connection") { silent.count == 1 }
        try await rehearsal.onLoop { _ in cancel.value.cancel() }
        try await eventually("it is closed") { silent.openCount == 0 }
        try await rehearsal.onLoop { $0.stop() }
        #expect(answers.withLockedValue { $0 } == 0)
    }

    @Test("a dial that is over is not kept", arguments: ["connected", "refused", "nowhere"])
    func letsGo(way: String) async throws {
        let place = try await Place(.workspace(try Certified.kit.get().server))
        let answer: ScriptedNames.Answer =
            switch way {
            case "connected": .addresses([place.address])
            case "refused": .addresses([try await Place.deserted()])
            default: .failure(.noSuchName)
            }
        let rehearsal = try await Rehearsal(ScriptedNames(answer))
        let last = try await rehearsal.onLoop { dialer in
            let dial = dialer.dial { result in
                if case .success(let dialed) = result { dialed.tls.close() }
            }
            return NIOLoopBound(Weak(dial), eventLoop: dialer.eventLoop)
        }
        try await eventually("it is gone") { try await rehearsal.onLoop { _ in last.value.dial == nil } }
    }
}

private final class Weak {
    weak var dial: Dial?

    init(_ dial: Dial) {
        self.dial = dial
    }
}
