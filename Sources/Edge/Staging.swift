import TLS
import Wire

/// Plaintext on its way into TLS records: small pieces are gathered, large ones go straight through. Empty between
/// calls from the socket.
final class Staging {
    var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(2 * TLSRecord.plaintextLimit)
    }

    /// Adds a piece of a body, behind what is there already.
    func add(_ piece: RawSpan, inChunks: Bool, for tls: TLSConnection?) {
        if bytes.count + piece.byteCount > TLSRecord.plaintextLimit { release(to: tls) }
        if inChunks {
            ChunkWriting.append(piece, to: &bytes)
        } else if piece.byteCount < TLSRecord.plaintextLimit / 2 || !bytes.isEmpty {
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        } else {
            tls?.write(piece)
        }
    }

    /// Turns what is there into TLS records. Flushing is for the end of the read.
    func release(to tls: TLSConnection?) {
        guard !bytes.isEmpty else { return }
        // Taken away first: a write that fails comes back here through the end of its connection.
        var staged: [UInt8] = []
        swap(&staged, &bytes)
        tls?.write(staged.span.bytes)
        staged.removeAll(keepingCapacity: true)
        swap(&staged, &bytes)
    }
}
