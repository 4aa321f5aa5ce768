import COpenSSL
import NIOConcurrencyHelpers

/// Sessions that a client can take up again, by server. Shared by the event loops and locked: touched once a handshake.
final class ResumptionCache: Sendable {
    struct Key: Hashable, Sendable {
        var host: String
        var port: Int
    }

    private let sessions = NIOLockedValueBox<[Key: [Session]]>([:])

    /// Keeps a session. The newest few per server are kept, since one of TLS 1.3 serves once.
    func keep(_ session: Session, for key: Key) {
        sessions.withLockedValue { sessions in
            if sessions[key] == nil, sessions.count >= ResumptionCache.serverLimit {
                sessions.removeValue(forKey: sessions.keys.first ?? key)
            }
            var kept = sessions[key] ?? []
            if kept.count >= ResumptionCache.sessionsPerServer { kept.removeFirst() }
            kept.append(session)
            sessions[key] = kept
        }
    }

    /// The newest session that can be taken up. One of TLS 1.3 is forgotten with that (RFC 8446, appendix C.4).
    func take(for key: Key) -> Session? {
        sessions.withLockedValue { sessions in
            while let session = sessions[key]?.popLast() {
                guard session.isUsable else { continue }
                if session.servesMoreThanOnce { sessions[key]?.append(session) }
                return session
            }
            sessions[key] = nil
            return nil
        }
    }

    private static let sessionsPerServer = 8
    private static let serverLimit = 512
}

extension ResumptionCache {
    /// One reference to an `SSL_SESSION`.
    ///
    /// Unchecked because the pointer is never changed, OpenSSL counts its references atomically, and a session that has
    /// been handed out by the library is not modified by it any more, bar a flag that forbids resumption.
    final class Session: @unchecked Sendable {
        let raw: OpaquePointer

        /// Takes over the caller's reference.
        init(owning raw: OpaquePointer) {
            self.raw = raw
        }

        deinit {
            SSL_SESSION_free(raw)
        }

        var servesMoreThanOnce: Bool {
            SSL_SESSION_get_protocol_version(raw) < TLS1_3_VERSION
        }

        var isUsable: Bool {
            SSL_SESSION_is_resumable(raw) == 1
                && SSL_SESSION_get_time(raw) + SSL_SESSION_get_timeout(raw) > time(nil)
        }
    }
}
