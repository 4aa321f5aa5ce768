import COpenSSL
import NIOConcurrencyHelpers
import NIOCore

/// Keys that seal the session tickets of a server (RFC 5077, section 4), whatever certificate it shows at the moment.
///
/// A key seals for a day and opens for another; tickets are good for two hours. Locked: touched once a handshake.
public final class TicketKeys: Sendable {
    struct Key: Sendable {
        /// Stands before the ticket, 16 bytes.
        var name: [UInt8]
        /// For AES-256-CBC, 32 bytes.
        var encryption: [UInt8]
        /// For HMAC-SHA-256, 32 bytes.
        var authentication: [UInt8]
        var madeAt: NIODeadline
    }

    private let now: @Sendable () -> NIODeadline
    /// The newest first, two at most.
    private let keys = NIOLockedValueBox<[Key]>([])

    /// - Parameter now: A clock that never goes back.
    public init(now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.now = now
    }

    /// The key that seals; `nil` without randomness.
    func sealing() -> Key? {
        rotated().first
    }

    /// The key of that name, and whether the ticket is better replaced by one under a newer key.
    func opening(_ name: UnsafeBufferPointer<UInt8>) -> (key: Key, isOld: Bool)? {
        let keys = rotated()
        guard let index = keys.firstIndex(where: { $0.name.elementsEqual(name) }) else { return nil }
        return (keys[index], index > 0)
    }

    private func rotated() -> [Key] {
        let now = now()
        return keys.withLockedValue { keys in
            keys.removeAll { now - $0.madeAt > TicketKeys.opens }
            if keys.first.map({ now - $0.madeAt > TicketKeys.seals }) ?? true, let key = TicketKeys.make(at: now) {
                keys = [key] + keys.prefix(1)
            }
            return keys
        }
    }

    private static func make(at now: NIODeadline) -> Key? {
        var bytes = [UInt8](repeating: 0, count: 80)
        guard RAND_bytes(&bytes, 80) == 1 else { return nil }
        return Key(
            name: Array(bytes[..<16]), encryption: Array(bytes[16..<48]), authentication: Array(bytes[48...]),
            madeAt: now)
    }

    private static let seals = TimeAmount.hours(24)
    private static let opens = TimeAmount.hours(48)
}

extension TLSContext {
    /// Has tickets sealed and opened with ``ticketKeys`` in place of keys that end with this context.
    func useTicketKeys() {
        lakegate_ctx_set_ticket_callback(raw, handleTicket)
    }
}

/// OpenSSL asks: set up the two ciphers to seal a ticket (`isSealing` is 1), or to open the one of that name.
/// Returns what `SSL_CTX_set_tlsext_ticket_key_evp_cb(3)` has.
private let handleTicket: lakegate_ticket_callback = { ssl, name, vector, cipher, authentication, isSealing in
    guard let name, let vector, let keys = TLSEngine.of(ssl)?.context.ticketKeys else { return 0 }
    guard isSealing == 1 else {
        guard let (key, isOld) = keys.opening(UnsafeBufferPointer(start: name, count: 16)) else { return 0 }
        let isSet = lakegate_ticket_open(cipher, authentication, key.encryption, key.authentication, vector) == 1
        // A ticket of TLS 1.3 serves once (RFC 8446, appendix C.4): there must be another for the next time.
        let isReplaced = isOld || SSL_version(ssl) == TLS1_3_VERSION
        return isSet ? (isReplaced ? 2 : 1) : -1
    }
    guard let key = keys.sealing(), RAND_bytes(vector, 16) == 1 else { return 0 }
    name.update(from: key.name, count: 16)
    return lakegate_ticket_seal(cipher, authentication, key.encryption, key.authentication, vector) == 1 ? 1 : -1
}
