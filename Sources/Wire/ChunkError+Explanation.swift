extension ChunkError {
    /// A sentence for whoever sent the body; nothing of it is repeated, so that it is safe to show anywhere.
    public var explanation: String {
        switch self {
        case .sizeMissing: "A chunk does not begin with its size."
        case .sizeInvalid: "The size of a chunk is not a hexadecimal number."
        case .sizeTooLarge: "The size of a chunk is beyond every limit."
        case .lineEndInvalid: "The size of a chunk is not followed by CR LF."
        case .dataEndInvalid: "A chunk is longer than its size says, or its data is not followed by CR LF."
        case .extensionInvalid: "A chunk extension is not ;name=value."
        case .extensionTooLong:
            "The extensions of a chunk are longer than \(ChunkedDecoder.longestExtension) bytes, or those of all chunks "
                + "too long for the data between them; these limits are fixed."
        case .trailerInvalid: "A trailer is not a field line."
        case .trailerForbidden: "A trailer is a field that says where a message ends."
        case .trailersTooLong:
            "The trailers are longer than \(ChunkedDecoder.longestTrailers) bytes, a fixed limit."
        case .alreadyOver: "Bytes follow the end of the body."
        }
    }
}
