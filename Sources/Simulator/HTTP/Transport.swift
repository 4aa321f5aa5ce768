import Basics
import NIOCore
import Synchronization
import TLS

/// What lies between the socket and HTTP.
enum Transport: Sendable {
    case plain
    case tls(TLSContext, TLSLoops)

    /// TLS with a certificate made just now.
    static func tls(leaf: DemoLeaf) throws -> Transport {
        let files = try ShortLivedFiles(leaf)
        let settings = try TLSContext.server(
            certificateChainPath: files.certificate, privateKeyPath: files.privateKey,
            applicationProtocols: ["http/1.1"])
        return .tls(settings, TLSLoops())
    }

    func install(on pipeline: ChannelPipeline.SynchronousOperations, eventLoop: any EventLoop) throws {
        guard case .tls(let settings, let loops) = self else { return }
        try TLSBridge.install(settings, loop: loops.loop(for: eventLoop), on: pipeline)
    }
}

/// One ``TLSLoop`` for each event loop, made when first asked for.
final class TLSLoops: Sendable {
    private let loops = Mutex<[ObjectIdentifier: NIOLoopBound<TLSLoop>]>([:])

    /// Asked on the event loop itself.
    func loop(for eventLoop: any EventLoop) -> TLSLoop {
        let key = ObjectIdentifier(eventLoop)
        let bound = loops.withLock { known in
            if let found = known[key] { return found }
            let made = NIOLoopBound(TLSLoop(eventLoop: eventLoop), eventLoop: eventLoop)
            known[key] = made
            return made
        }
        return bound.value
    }
}
