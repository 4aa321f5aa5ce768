import Logging
import NIOCore
import TLS

/// Makes ready TLS connections to one workspace, for one event loop.
///
/// The name is looked up, its addresses are raced (RFC 8305), those that failed lately last, and TLS follows on the first
/// that connects. What fails is tried at the next address: nothing was sent yet.
final class Dialer {
    let target: DialTarget
    let times: DialTimes
    let tlsLoop: TLSLoop
    let names: SharedLookup
    var health = AddressHealth()
    private let logger: Logger
    private var dials: [ObjectIdentifier: Dial] = [:]
    private(set) var isStopped = false

    var eventLoop: any EventLoop { tlsLoop.eventLoop }

    init(
        target: DialTarget, times: DialTimes = DialTimes(), tlsLoop: TLSLoop, lookup: any NameLookup = SystemNames(),
        logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "workspace"] = "\(target.workspace)"
        self.target = target
        self.times = times
        self.tlsLoop = tlsLoop
        self.logger = logger
        let (host, port) = target.nextHop
        names = SharedLookup(
            host: host, port: port, times: times.lookup, eventLoop: tlsLoop.eventLoop, lookup: lookup, logger: logger)
    }

    /// The answer comes on the event loop, exactly once unless the dial is cancelled, never inside this call.
    @discardableResult
    func dial(_ completion: @escaping (Result<DialedConnection, DialFailure>) -> Void) -> Dial {
        let dial = Dial(dialer: self, completion: completion)
        dials[ObjectIdentifier(dial)] = dial
        eventLoop.assumeIsolated().execute { dial.start() }
        return dial
    }

    /// Ends every dial under way, and every later one, with the cause `stopped`.
    func stop() {
        isStopped = true
        for dial in dials.values { dial.stop() }
    }

    func ended(_ dial: Dial) {
        dials[ObjectIdentifier(dial)] = nil
    }

    /// The address is tried last for a while.
    func failed(_ address: SocketAddress, _ reason: String, hasOthers: Bool) {
        guard health.failed(address, at: .now()), hasOthers else { return }
        logger.warning(
            "an address is tried last for a while",
            metadata: ["address": "\(address.ipAddress ?? "\(address)")", "reason": "\(reason)"])
    }
}
