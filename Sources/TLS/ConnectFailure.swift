import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// Why a TCP connection could not be made, in the few words an operator needs; safe to log.
public enum ConnectFailure {
    public static func text(_ error: any Error, host: String, port: Int) -> String {
        "cannot connect to \(host):\(port): \(reason(error))"
    }

    /// The reason alone, as in "Connection refused".
    public static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let attempt = error.connectionErrors.last { return reason(attempt.error) }
            return error.dnsAError == nil && error.dnsAAAAError == nil
                ? "no address answered in time" : "the name has no address"
        case let error as IOError: return String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout: return "no answer in time"
        default: return "\(error)"
        }
    }
}
