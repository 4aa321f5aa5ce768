import NIOConcurrencyHelpers

/// What a look at the files of a certificate finds.
public enum CertificateLook: Sendable, Equatable {
    case unchanged
    case replaced(CertificateSummary)
    /// Of a client that shows no certificate: the authorities that it trusts.
    case trustReplaced
    /// The files have changed and can't be used; told once for each change. The former certificate stays.
    case unusable(TLSError)
}

/// A context made of files that may be replaced while it is in use. Connections keep what they began with.
final class RenewableIdentity: Sendable {
    private struct State {
        var context: TLSContext
        /// Of the files that were read last, whether they could be used or not.
        var stamps: [FileStamp?]
        /// Not told yet: one of two files may just have been written, and the other one not.
        var problem: TLSError?
    }

    private let paths: [String]
    private let make: @Sendable () throws(TLSError) -> TLSContext
    private let state: NIOLockedValueBox<State>

    /// Reads the files.
    init(of paths: [String], _ make: @escaping @Sendable () throws(TLSError) -> TLSContext) throws(TLSError) {
        self.paths = paths
        self.make = make
        // Before the files are read: what is written meanwhile is read again.
        let stamps = paths.map { FileStamp(of: $0) }
        state = NIOLockedValueBox(State(context: try make(), stamps: stamps))
    }

    /// For a connection that begins.
    var current: TLSContext { state.withLockedValue { $0.context } }

    /// Reads the files again if they have changed since they were read last. Blocks; one caller at a time.
    func look() -> CertificateLook {
        let stamps = paths.map { FileStamp(of: $0) }
        guard stamps != state.withLockedValue({ $0.stamps }) else { return tellProblem() }
        do throws(TLSError) {
            let context = try make()
            state.withLockedValue { $0 = State(context: context, stamps: stamps) }
            return context.certificateSummary.map { .replaced($0) } ?? .trustReplaced
        } catch {
            state.withLockedValue { ($0.stamps, $0.problem) = (stamps, error) }
            return .unchanged
        }
    }

    private func tellProblem() -> CertificateLook {
        state.withLockedValue { state in
            defer { state.problem = nil }
            return state.problem.map { .unusable($0) } ?? .unchanged
        }
    }
}
