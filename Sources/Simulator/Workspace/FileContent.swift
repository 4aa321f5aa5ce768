import NIOCore

/// Bytes to send for a download: shelved ones, or made up from the file's name.
enum FileContent {
    case shelved(FileShelf.Item)
    /// `random-<n>-bytes`: n bytes that depend on nothing but their position.
    case generated(Int)

    init?(path: String, shelf: FileShelf) {
        if let item = shelf.item(at: path) {
            self = .shelved(item)
        } else if let size = FileContent.generatedSize(path) {
            self = .generated(size)
        } else {
            return nil
        }
    }

    var size: Int {
        switch self {
        case .shelved(let item): item.size
        case .generated(let size): size
        }
    }

    private static func generatedSize(_ path: String) -> Int? {
        let words = path.split(separator: "/").last?.split(separator: "-") ?? []
        guard words.count == 3, words[0] == "random", words[2] == "bytes", let size = Int(words[1]) else { return nil }
        return (0...(1 << 40)).contains(size) ? size : nil
    }

    /// The bytes of a range, in pieces of at most 64 KiB or as they were shelved.
    func forEachChunk(in range: Range<Int>, _ body: (ByteBuffer) async throws -> Void) async throws {
        switch self {
        case .shelved(let item):
            var start = 0
            for chunk in item.chunks {
                let part = range.clamped(to: start..<(start + chunk.readableBytes))
                if let slice = chunk.getSlice(at: chunk.readerIndex + part.lowerBound - start, length: part.count),
                    !part.isEmpty
                {
                    try await body(slice)
                }
                start += chunk.readableBytes
            }
        case .generated:
            for start in stride(from: range.lowerBound, to: range.upperBound, by: 65536) {
                try await body(GeneratedBytes.chunk(start..<min(start + 65536, range.upperBound)))
            }
        }
    }
}

/// A long stretch of bytes that anyone can work out: byte n is a mix of n / 8, cut in eight.
enum GeneratedBytes {
    static func chunk(_ range: Range<Int>) -> ByteBuffer {
        let first = range.lowerBound / 8
        let words = (first...((range.upperBound + 7) / 8)).map { mixed(UInt64($0)).littleEndian }
        var buffer = ByteBuffer()
        buffer.writeBytes(words.span.bytes)
        buffer.moveReaderIndex(forwardBy: range.lowerBound - first * 8)
        return buffer.readSlice(length: range.count) ?? ByteBuffer()
    }

    /// One step of SplitMix64 from a position.
    static func mixed(_ position: UInt64) -> UInt64 {
        var word = (position &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
