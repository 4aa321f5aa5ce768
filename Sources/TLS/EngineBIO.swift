import COpenSSL
import NIOCore

/// The BIO through which OpenSSL takes ciphertext from a ``TLSEngine`` and gives it some.
///
/// Its data is an unretained pointer to the engine, which owns the `SSL` and so outlives the BIO.
enum EngineBIO {
    static func make(for engine: TLSEngine) -> OpaquePointer? {
        guard let method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(engine).toOpaque())
        BIO_set_init(bio, 1)
        return bio
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
