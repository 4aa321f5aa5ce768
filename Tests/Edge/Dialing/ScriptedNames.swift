import NIOConcurrencyHelpers
import NIOCore

@testable import Edge

/// Answers lookups as a test says, whatever the name.
final class ScriptedNames: NameLookup {
    enum Answer {
        case addresses([SocketAddress])
        case failure(LookupFailure)
        /// No answer until ``release()``.
        case silence
    }

    private struct State {
        var answer: Answer
        var count = 0
        var held: [EventLoopPromise<[SocketAddress]>] = []
    }

    private let state: NIOLockedValueBox<State>

    init(_ answer: Answer) {
        state = NIOLockedValueBox(State(answer: answer))
    }

    convenience init(_ addresses: SocketAddress...) {
        self.init(.addresses(addresses))
    }

    /// How often somebody asked.
    var count: Int { state.withLockedValue { $0.count } }

    func become(_ answer: Answer) {
        state.withLockedValue { $0.answer = answer }
    }

    /// Lets what was silent fail.
    func release(_ failure: LookupFailure = .noAnswer) {
        let held = state.withLockedValue { state in
            defer { state.held = [] }
            return state.held
        }
        held.forEach { $0.fail(failure) }
    }

    func addresses(of host: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let promise = eventLoop.makePromise(of: [SocketAddress].self)
        state.withLockedValue { state in
            state.count += 1
            switch state.answer {
            case .addresses(let addresses): promise.succeed(addresses)
            case .failure(let failure): promise.fail(failure)
            case .silence: state.held.append(promise)
            }
        }
        return promise.futureResult
    }
}
