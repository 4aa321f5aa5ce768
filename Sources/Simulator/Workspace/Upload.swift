import NIOCore

/// Bytes of one upload, gathered in blocks of 1 MiB: the socket's own buffers are mostly air.
final class Upload {
    private static let block = 1 << 20
    private var full: [ByteBuffer] = []
    private var open = ByteBuffer()
    private var size = 0
    private let digest = Digest()

    func append(_ chunk: ByteBuffer) {
        var rest = chunk
        size += chunk.readableBytes
        chunk.withUnsafeReadableBytes { digest.update($0) }
        while rest.readableBytes > 0 {
            if open.readableBytes == 0 { open.reserveCapacity(min(Upload.block, max(rest.readableBytes, 4096))) }
            if var piece = rest.readSlice(length: min(rest.readableBytes, Upload.block - open.readableBytes)) {
                open.writeBuffer(&piece)
            }
            if open.readableBytes == Upload.block { close() }
        }
    }

    func finish() -> FileShelf.Item {
        close()
        return FileShelf.Item(chunks: full, size: size, checksum: hexadecimal(digest.finish()))
    }

    private func close() {
        guard open.readableBytes > 0 else { return }
        full.append(open)
        open = ByteBuffer()
    }
}
