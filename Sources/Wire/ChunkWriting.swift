/// Writes the chunked transfer coding (RFC 9112, section 7.1).
public enum ChunkWriting {
    /// Appends the line before a chunk's data; the data and ``endChunk(in:)`` follow. Zero writes nothing.
    public static func beginChunk(of count: Int, in out: inout [UInt8]) {
        guard count > 0 else { return }
        out.appendHexadecimal(UInt64(count))
        out.append("\r\n")
    }

    public static func endChunk(in out: inout [UInt8]) {
        out.append("\r\n")
    }

    /// Appends one whole chunk; an empty one writes nothing, since it would end the body.
    public static func append(_ data: RawSpan, to out: inout [UInt8]) {
        guard data.byteCount > 0 else { return }
        beginChunk(of: data.byteCount, in: &out)
        out.append(data, 0..<data.byteCount)
        endChunk(in: &out)
    }

    /// Appends the last chunk and the trailer section.
    ///
    /// - Parameter trailers: Whole field lines, each with its CR LF; empty for none.
    public static func finish(trailers: RawSpan = RawSpan(), in out: inout [UInt8]) {
        out.append("0\r\n")
        out.append(trailers, 0..<trailers.byteCount)
        out.append("\r\n")
    }
}
