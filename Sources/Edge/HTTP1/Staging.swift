import TLS
import Wire

/// Plaintext on its way into the TLS records of one connection at a time: small pieces are gathered, large ones go
/// straight through.
final class Staging {
    var bytes: [UInt8] = []
    /// Whose bytes these are.
    private var owner: TLSConnection?

    init() {
        bytes.reserveCapacity(2 * TLSRecord.plaintextLimit)
    }

    /// Begins to gather for a connection; what was gathered for another one becomes records of that one.
    func open(for tls: TLSConnection?) {
        guard owner !== tls else { return }
        release()
        owner = tls
    }

    /// Adds a piece of a body, behind what is there already.
    func add(_ piece: RawSpan, inChunks: Bool, for tls: TLSConnection?) {
        open(for: tls)
        if bytes.count + piece.byteCount > TLSRecord.plaintextLimit { flush() }
        if inChunks {
            ChunkWriting.append(piece, to: &bytes)
        } else if piece.byteCount < TLSRecord.plaintextLimit / 2 || !bytes.isEmpty {
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        } else {
            tls?.write(piece)
        }
    }

    /// Turns what was gathered for a connection into TLS records. Flushing them is the caller's.
    func release(for tls: TLSConnection?) {
        if owner === tls { release() }
    }

    private func release() {
        flush()
        owner = nil
    }

    private func flush() {
        guard !bytes.isEmpty else { return }
        // Taken away first: a write that fails comes back here through the end of its connection.
        var staged: [UInt8] = []
        swap(&staged, &bytes)
        owner?.write(staged.span.bytes)
        guard bytes.isEmpty else { return }
        staged.removeAll(keepingCapacity: true)
        swap(&staged, &bytes)
    }
}
