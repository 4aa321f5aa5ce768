import Testing

@testable import Gate

/// An action as something that can be compared.
private enum Step: Equatable {
    case load, renew, resolve, obtain(TokenHolder), forward(Identity), login, refuse(Refusal), judge, pass, passAndRenew

    init(_ action: consuming RequestAction) {
        switch consume action {
        case .loadSession: self = .load
        case .renewSession: self = .renew
        case .resolveBearer: self = .resolve
        case .obtainToken(let holder): self = .obtain(holder)
        case .forward(let permit): self = .forward(permit.identity)
        case .redirectToLogin: self = .login
        case .refuse(let refusal): self = .refuse(refusal)
        case .judgeAnswer: self = .judge
        case .passAnswer: self = .pass
        case .passAnswerAndRenew: self = .passAndRenew
        }
    }
}

private let held = Replayability(bodyIsHeld: true, isIdempotent: true)
private let heldPost = Replayability(bodyIsHeld: true, isIdempotent: false)
private let gone = Replayability(bodyIsHeld: false, isIdempotent: true)

@Suite struct RequestMachineTests {
    private func machine(_ asker: Asker = .program) -> RequestMachine {
        RequestMachine(asker: asker, foreignBearers: .pass)
    }

    @Test("a known session is forwarded, its answer passed on")
    func hotPath() {
        var machine = machine()
        #expect(Step(machine.headReceived(.settled(.liveSession))) == .forward(.session))
        #expect(Step(machine.answered(.accepted, held)) == .pass)
    }

    @Test("a session this loop does not hold is loaded once, then it is unknown")
    func loadOnce() {
        var machine = machine()
        #expect(Step(machine.headReceived(.mustLoad)) == .load)
        #expect(Step(machine.sessionFound(.mustLoad)) == .refuse(.unknownSession))
    }

    @Test("a loaded session whose token ran out is renewed, then forwarded")
    func loadThenRenew() {
        var machine = machine()
        #expect(Step(machine.headReceived(.mustLoad)) == .load)
        #expect(Step(machine.sessionFound(.mustRenew)) == .renew)
        #expect(Step(machine.sessionFound(.settled(.liveSession))) == .forward(.session))
    }

    @Test("a token that stays expired after renewal is a passing fault, not an endless loop")
    func renewOnce() {
        var machine = machine()
        #expect(Step(machine.headReceived(.mustRenew)) == .renew)
        #expect(Step(machine.sessionFound(.mustRenew)) == .refuse(.providerUnavailable(retryAfter: 5)))
    }

    @Test("a bearer is resolved, its session loaded and renewed, a principal's token got: each once, then it goes on")
    func longestWay() {
        var machine = machine()
        #expect(Step(machine.headReceived(.mustResolve)) == .resolve)
        #expect(Step(machine.sessionFound(.mustLoad)) == .load)
        #expect(Step(machine.sessionFound(.mustRenew)) == .renew)
        #expect(Step(machine.sessionFound(.mustObtain(.principal(1)))) == .obtain(.principal(1)))
        #expect(Step(machine.sessionFound(.settled(.actingAs(.principal(1))))) == .forward(.holder(.principal(1))))
        #expect(machine.identity == .holder(.principal(1)))
    }

    @Test("nothing is asked for twice")
    func askedOnce() {
        for (lookup, refusal) in [
            (Lookup.mustResolve, Refusal.unknownSession),
            (.mustObtain(.principal(0)), .principalUnavailable(retryAfter: 5)),
        ] {
            var machine = machine()
            _ = machine.headReceived(lookup)
            #expect(Step(machine.sessionFound(lookup)) == .refuse(refusal))
        }
    }

    @Test("a principal's token that is rejected is replaced and the request sent again, once")
    func rejectedPrincipal() {
        var machine = machine()
        _ = machine.headReceived(.settled(.actingAs(.principal(2))))
        #expect(Step(machine.answered(.rejected, held)) == .obtain(.principal(2)))
        #expect(Step(machine.sessionFound(.settled(.actingAs(.principal(2))))) == .forward(.holder(.principal(2))))
        #expect(Step(machine.answered(.rejected, held)) == .pass)
    }

    @Test("a principal's token that is rejected with the body gone is replaced for the next request")
    func rejectedPrincipalWithoutBody() {
        var machine = machine()
        _ = machine.headReceived(.settled(.actingAs(.principal(2))))
        #expect(Step(machine.answered(.rejected, gone)) == .passAndRenew)
    }

    @Test("a request that no rule allows is refused, and a browser is not sent to log in for it")
    func notAllowed() {
        var machine = machine(.browser)
        #expect(Step(machine.headReceived(.settled(.notAllowed(.rule(3))))) == .refuse(.notAllowed(.rule(3))))
        #expect(Refusal.notAllowed(.rule(3)).status == 403 && Refusal.notAllowed(.rule(3)).retryAfter == nil)
    }

    @Test("a rejected token is renewed and the request sent again, once")
    func rejectedToken() {
        var machine = machine()
        _ = machine.headReceived(.settled(.liveSession))
        #expect(Step(machine.answered(.uncertain, held)) == .judge)
        #expect(Step(machine.answered(.rejected, held)) == .renew)
        #expect(Step(machine.sessionFound(.settled(.liveSession))) == .forward(.session))
        #expect(Step(machine.answered(.rejected, held)) == .pass)
    }

    @Test("a rejected token with the body gone: the answer goes back and the renewal goes on")
    func rejectedWithoutBody() {
        var machine = machine()
        _ = machine.headReceived(.settled(.liveSession))
        #expect(Step(machine.answered(.rejected, gone)) == .passAndRenew)
    }

    @Test("a POST may be replayed after a rejection, for the workspace did nothing with it")
    func rejectedPost() {
        var machine = machine()
        _ = machine.headReceived(.settled(.liveSession))
        #expect(Step(machine.answered(.rejected, heldPost)) == .renew)
    }

    @Test("what a foreign bearer is told is the workspace's business")
    func foreignBearer() {
        var machine = machine()
        #expect(Step(machine.headReceived(.settled(.foreignBearer))) == .forward(.client))
        #expect(Step(machine.answered(.rejected, held)) == .pass)
    }

    @Test("a stale pooled connection is retried once where nothing can be lost")
    func staleConnection() {
        var machine = machine()
        _ = machine.headReceived(.settled(.liveSession))
        #expect(Step(machine.failed(.stale, held)) == .forward(.session))
        #expect(Step(machine.failed(.stale, held)) == .refuse(.upstreamBroke))
    }

    @Test(
        "every other failure is told to the client",
        arguments: [
            (UpstreamFailure.stale, heldPost, Refusal.upstreamBroke),
            (.stale, gone, .upstreamBroke),
            (.broke, held, .upstreamBroke),
            (.unreachable, held, .upstreamUnreachable),
            (.nonsense, held, .upstreamNonsense),
            (.silent, held, .upstreamSilent),
        ])
    func failures(failure: UpstreamFailure, replay: Replayability, refusal: Refusal) {
        var machine = machine()
        _ = machine.headReceived(.settled(.liveSession))
        #expect(Step(machine.failed(failure, replay)) == .refuse(refusal))
    }

    @Test("no sequence of inputs forwards without a live session, a foreign bearer or a principal, and every one ends")
    func simulation() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix(state: seed)
        for round in 0..<20_000 {
            var machine = machine(Bool.random(using: &generator) ? .browser : .program)
            var earned = false
            var actions = 0
            var step = Step(machine.headReceived(lookup(&generator, &earned)))
            while actions < 12 {
                actions += 1
                if case .forward = step { #expect(earned, "seed \(seed) round \(round)") }
                switch step {
                case .load, .renew, .resolve, .obtain: step = Step(machine.sessionFound(lookup(&generator, &earned)))
                case .forward, .judge: step = answer(&machine, &generator)
                case .login, .refuse, .pass, .passAndRenew: actions = .max
                }
                if actions == .max { break }
            }
            #expect(actions == .max, "no end; seed \(seed) round \(round)")
        }
    }

    private func lookup(_ generator: inout SplitMix, _ earned: inout Bool) -> Lookup {
        let lookups: [Lookup] = [
            .mustLoad, .mustRenew, .mustResolve, .mustObtain(.principal(0)), .settled(.actingAs(.principal(0))),
            .settled(.notAllowed(.noRule)), .settled(.badBearer(reason: "")), .settled(.liveSession),
            .settled(.foreignBearer), .settled(.noCredential),
            .settled(.unknownSession), .settled(.unavailable(.storeUnavailable)),
        ]
        let lookup = lookups[Int.random(in: lookups.indices, using: &generator)]
        earned =
            earned || [.liveSession, .foreignBearer, .actingAs(.principal(0))].contains { lookup == .settled($0) }
        return lookup
    }

    private func answer(_ machine: inout RequestMachine, _ generator: inout SplitMix) -> Step {
        let replay = [held, heldPost, gone][Int.random(in: 0..<3, using: &generator)]
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return Step(machine.failed(.stale, replay))
        case 1: return Step(machine.answered(.rejected, replay))
        case 2: return Step(machine.answered(.accepted, replay))
        case 3: return Step(machine.failed(.broke, replay))
        default:
            let first = Step(machine.answered(.uncertain, replay))
            return first == .judge ? Step(machine.answered(.rejected, replay)) : first
        }
    }
}

/// A small seeded generator, so that a failing round can be run again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
