import NIOCore
import Settings

#if canImport(Glibc)
    import Glibc
#endif

/// Why a listener does not open, as an operator reads it.
enum ListenFailure {
    static func text(_ key: String, _ endpoint: Endpoint, _ error: any Error) -> String {
        let number = (error as? IOError)?.errnoCode
        return "\(key): \(endpoint) can't be listened on: \(number.map(reason) ?? "\(error)")"
    }

    private static func reason(_ number: CInt) -> String {
        switch number {
        case EADDRINUSE: "another program listens there; stop it (`ss -ltnp` names it) or choose another port"
        case EADDRNOTAVAIL: "this machine has no such address; 0.0.0.0 stands for all it has"
        case EACCES: "ports below 1024 need CAP_NET_BIND_SERVICE; grant it or choose a higher port"
        default: String(cString: strerror(number))
        }
    }
}
