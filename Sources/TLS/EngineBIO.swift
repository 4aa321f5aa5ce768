import COpenSSL
import NIOCore

/// The BIO through which OpenSSL takes ciphertext from the ``TLSEngine`` that is at work, and gives it some.
///
/// All engines of a loop share one, since only one of them is at work at a time: some 200 bytes less for each
/// connection. Its data is an unretained pointer to that engine.
final class EngineBIO {
    private let raw: OpaquePointer?

    init() {
        raw = EngineBIO.method.flatMap { BIO_new($0) }
        if let raw { BIO_set_init(raw, 1) }
    }

    deinit {
        BIO_free(raw)
    }

    /// Gives an `SSL` a reference to the BIO for each direction.
    func attach(to ssl: OpaquePointer) -> Bool {
        guard let raw, BIO_up_ref(raw) == 1 else { return false }
        SSL_set_bio(ssl, raw, raw)
        return true
    }

    /// Every call of OpenSSL that may read or write comes after this.
    @inline(__always)
    func work(for engine: TLSEngine) {
        BIO_set_data(raw, Unmanaged.passUnretained(engine).toOpaque())
    }

    /// Made once per process and never freed. Immutable after that, which is why it may be shared.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lakegate") else { return nil }
        BIO_meth_set_read(method) { bio, bytes, count in
            guard let bio, let bytes, let engine = EngineBIO.engine(of: bio) else { return -1 }
            let taken = engine.takeInput(into: bytes, atMost: Int(count))
            guard taken > 0 else {
                lakegate_bio_asks_for_more(bio)
                return -1
            }
            return Int32(truncatingIfNeeded: taken)
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let bio, let bytes, let engine = EngineBIO.engine(of: bio) else { return -1 }
            engine.appendOutput(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()

    @inline(__always)
    private static func engine(of bio: OpaquePointer) -> TLSEngine? {
        guard let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<TLSEngine>.fromOpaque(data).takeUnretainedValue()
    }
}
