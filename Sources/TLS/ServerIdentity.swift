import NIOConcurrencyHelpers

/// The certificate that a server shows at the moment, from two files that may be replaced while it serves.
///
/// Connections keep what they began with. Tickets outlive a replacement.
public final class ServerIdentity: Sendable {
    public enum Look: Sendable, Equatable {
        case unchanged
        case replaced(CertificateSummary)
        /// The files have changed and can't be used; told once for each change. The former certificate stays.
        case unusable(TLSError)
    }

    private struct State {
        var context: TLSContext
        /// Of the files that were read last, whether they could be used or not.
        var stamps: [FileStamp?]
        /// Not told yet: one of two files may just have been written, and the other one not.
        var problem: TLSError?
    }

    private let certificateChainPath: String
    private let privateKeyPath: String
    private let applicationProtocols: [String]
    private let isTLS13Only: Bool
    private let ticketKeys: TicketKeys
    private let state: NIOLockedValueBox<State>

    /// Reads the files. The arguments are those of ``TLSContext/server(certificateChainPath:privateKeyPath:applicationProtocols:isTLS13Only:ticketKeys:)``.
    public init(
        certificateChainPath: String, privateKeyPath: String, applicationProtocols: [String],
        isTLS13Only: Bool = false, ticketKeys: TicketKeys = TicketKeys()
    ) throws(TLSError) {
        self.certificateChainPath = certificateChainPath
        self.privateKeyPath = privateKeyPath
        self.applicationProtocols = applicationProtocols
        self.isTLS13Only = isTLS13Only
        self.ticketKeys = ticketKeys
        // Before the files are read: what is written meanwhile is read again.
        let stamps = [FileStamp(of: certificateChainPath), FileStamp(of: privateKeyPath)]
        let context = try TLSContext.server(
            certificateChainPath: certificateChainPath, privateKeyPath: privateKeyPath,
            applicationProtocols: applicationProtocols, isTLS13Only: isTLS13Only, ticketKeys: ticketKeys)
        state = NIOLockedValueBox(State(context: context, stamps: stamps))
    }

    /// For a connection that begins.
    public var current: TLSContext { state.withLockedValue { $0.context } }

    /// Reads the files again if they have changed since they were read last. Blocks; one caller at a time.
    public func look() -> Look {
        let stamps = [FileStamp(of: certificateChainPath), FileStamp(of: privateKeyPath)]
        guard stamps != state.withLockedValue({ $0.stamps }) else { return tellProblem() }
        do throws(TLSError) {
            let context = try TLSContext.server(
                certificateChainPath: certificateChainPath, privateKeyPath: privateKeyPath,
                applicationProtocols: applicationProtocols, isTLS13Only: isTLS13Only, ticketKeys: ticketKeys)
            state.withLockedValue { $0 = State(context: context, stamps: stamps) }
            return context.certificateSummary.map { .replaced($0) } ?? .unchanged
        } catch {
            state.withLockedValue { ($0.stamps, $0.problem) = (stamps, error) }
            return .unchanged
        }
    }

    private func tellProblem() -> Look {
        state.withLockedValue { state in
            defer { state.problem = nil }
            return state.problem.map { .unusable($0) } ?? .unchanged
        }
    }
}
