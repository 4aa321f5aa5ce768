import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TLS
import Testing

@testable import Edge

/// A dialer on an event loop of its own, in a test's hands.
final class Rehearsal: Sendable {
    let names: ScriptedNames
    let log = Lines()
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    private let dialer: NIOLoopBound<Dialer>

    /// A test waits for nothing unless it is about that: the stagger is long and so are the limits.
    static let times = DialTimes(connect: .seconds(60), handshake: .seconds(60), stagger: .seconds(30))

    init(_ names: ScriptedNames, times: DialTimes = Rehearsal.times, proxy: EgressProxy? = nil) async throws {
        self.names = names
        let target = DialTarget(
            workspace: "w", host: "workspace.test", port: 443, tls: try Certified.kit.get().client, proxy: proxy)
        let (eventLoop, logger) = (eventLoop, log.logger)
        dialer = try await eventLoop.submit {
            let dialer = Dialer(
                target: target, times: times, tlsLoop: TLSLoop(eventLoop: eventLoop), lookup: names, logger: logger)
            return NIOLoopBound(dialer, eventLoop: eventLoop)
        }.get()
    }

    /// What came of a dial.
    enum Outcome {
        case connected(to: SocketAddress, protocol: String?, listener: Listener)
        case failed(DialFailure)
    }

    func dial() async throws -> Outcome {
        let (dialer, eventLoop) = (dialer, eventLoop)
        return await withCheckedContinuation { continuation in
            eventLoop.execute {
                dialer.value.dial { continuation.resume(returning: Outcome($0)) }
            }
        }
    }

    /// Dials, and where it was connected to must be this.
    func expect(_ address: SocketAddress, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        switch try await dial() {
        case .connected(let to, let chosen, let listener):
            #expect(to == address, sourceLocation: sourceLocation)
            #expect(chosen == "http/1.1")
            let greeting = Place.hello + (address.ipAddress ?? "")
            try await eventually("a greeting") { listener.text == greeting }
            listener.close()
        case .failed(let failure):
            Issue.record("\(failure.text)", sourceLocation: sourceLocation)
        }
    }

    func expectFailure(sourceLocation: SourceLocation = #_sourceLocation) async throws -> DialFailure {
        let outcome = try await dial()
        guard case .failed(let failure) = outcome else {
            Issue.record("it is connected", sourceLocation: sourceLocation)
            throw Overdue(what: "a failure")
        }
        return failure
    }

    func onLoop<Value: Sendable>(_ action: @escaping @Sendable (Dialer) -> Value) async throws -> Value {
        let dialer = dialer
        return try await eventLoop.submit { action(dialer.value) }.get()
    }
}

extension Rehearsal.Outcome {
    /// Hands a connection over at once, as the data path does.
    fileprivate init(_ result: Result<DialedConnection, DialFailure>) {
        switch result {
        case .success(let dialed):
            let listener = Listener(dialed.tls)
            dialed.tls.handOver(to: listener)
            self = .connected(to: dialed.address, protocol: dialed.negotiatedProtocol, listener: listener)
        case .failure(let failure):
            self = .failed(failure)
        }
    }
}

/// Keeps what a workspace says.
///
/// Unchecked because the connection is touched on its event loop only.
final class Listener: TLSApplication, @unchecked Sendable {
    private let connection: TLSConnection
    private let eventLoop: any EventLoop
    private let bytes = NIOLockedValueBox<[UInt8]>([])

    init(_ connection: TLSConnection) {
        self.connection = connection
        eventLoop = connection.eventLoop
    }

    var text: String { bytes.withLockedValue { String(decoding: $0, as: UTF8.self) } }

    func close() {
        eventLoop.execute { self.connection.close() }
    }

    func connectionReady() {}
    func received(_ bytes: RawSpan) {
        let copy = bytes.withUnsafeBytes { Array($0) }
        self.bytes.withLockedValue { $0 += copy }
    }
    func readCompleted() {}
    func inputEnded(_ ending: InputEnding) { connection.close() }
    func writabilityChanged() {}
    func connectionClosed(_ reason: ClosingReason) {}
}

struct Overdue: Error {
    var what: String
}

/// Waits until something holds; fails the test after some seconds.
func eventually(_ what: String, seconds: Int = 60, _ holds: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try await !holds() {
        guard ContinuousClock.now < end else { throw Overdue(what: what) }
        try await Task.sleep(for: .milliseconds(2))
    }
}
