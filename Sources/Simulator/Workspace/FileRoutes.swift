import NIOCore

/// The Files API: bodies are streamed, and never buffered beyond what the shelf may hold.
struct FileRoutes: Sendable {
    let state: SimulatorState
    private static let files = "/api/2.0/fs/files/"

    func serve(_ exchange: Exchange) async throws {
        if exchange.path.hasPrefix("/api/2.0/fs/directories/") { return try await directory(exchange) }
        guard exchange.path.hasPrefix(FileRoutes.files) else {
            return try await exchange.send(.notFound(exchange.path))
        }
        let path = FormFields.decoded(Array(exchange.path.dropFirst(FileRoutes.files.count).utf8), plusIsSpace: false)
        switch exchange.method {
        case "PUT": try await upload(exchange, path)
        case "GET", "HEAD": try await download(exchange, path)
        case "DELETE": try await exchange.send(remove(path))
        // Without resumable uploads the SDK falls back to a single PUT.
        default: try await exchange.send(.notFound(exchange.path))
        }
    }

    private func directory(_ exchange: Exchange) async throws {
        let makes = exchange.method == "PUT" || exchange.method == "HEAD"
        try await exchange.send(makes ? Reply(status: 204) : .notFound(exchange.path))
    }

    private func remove(_ path: String) -> Reply {
        state.files.withLock { $0.remove(path) } ? Reply(status: 204) : missing(path)
    }

    private func missing(_ path: String) -> Reply {
        .failure(404, "NOT_FOUND", "The file being accessed is not found: /\(path)")
    }

    private func upload(_ exchange: Exchange, _ path: String) async throws {
        let exists = state.files.withLock { $0.item(at: path) != nil }
        if exists && exchange.query["overwrite"] != "true" {
            return try await exchange.send(.failure(409, "ALREADY_EXISTS", "The file exists: /\(path)"))
        }
        guard let item = try await receive(exchange) else {
            return try await exchange.send(.failure(413, "RESOURCE_EXHAUSTED", "The simulator keeps no more files"))
        }
        state.files.withLock { $0.put(item, at: path) }
        try await exchange.send(Reply(status: 204, fields: [("x-simulator-sha256", item.checksum)]))
    }

    /// The uploaded bytes, or `nil` when the shelf is full. What a lost upload took is given back.
    private func receive(_ exchange: Exchange) async throws -> FileShelf.Item? {
        let upload = Upload()
        var reserved = 0
        do {
            while let chunk = try await exchange.nextChunk() {
                guard state.files.withLock({ $0.reserve(chunk.readableBytes) }) else {
                    state.files.withLock { $0.release(reserved) }
                    return nil
                }
                reserved += chunk.readableBytes
                upload.append(chunk)
            }
            return upload.finish()
        } catch {
            state.files.withLock { $0.release(reserved) }
            throw error
        }
    }

    private func download(_ exchange: Exchange, _ path: String) async throws {
        guard let content = state.files.withLock({ FileContent(path: path, shelf: $0) }) else {
            return try await exchange.send(missing(path))
        }
        let range = ByteRange.requested(exchange.head.headers.first(name: "range"), of: content.size)
        var fields = [
            (name: "content-type", value: "application/octet-stream"), (name: "accept-ranges", value: "bytes"),
            (name: "last-modified", value: "Mon, 23 Nov 2026 12:00:00 GMT"),
        ]
        let part = range ?? 0..<content.size
        fields.append((name: "content-length", value: String(part.count)))
        if let range { fields.append((name: "content-range", value: ByteRange.described(range, of: content.size))) }
        try await exchange.start(range == nil ? 200 : 206, fields)
        if exchange.method == "GET" { try await content.forEachChunk(in: part) { try await exchange.write($0) } }
        try await exchange.finish()
    }
}

/// Single byte ranges (RFC 9110, section 14.1.2); anything else is ignored, as a server may.
enum ByteRange {
    static func requested(_ field: String?, of size: Int) -> Range<Int>? {
        guard let field, field.hasPrefix("bytes="), !field.contains(",") else { return nil }
        let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int(ends[0]), first < size else { return nil }
        let last = ends[1].isEmpty ? size - 1 : Int(ends[1]) ?? -1
        return last >= first ? first..<min(last, size - 1) + 1 : nil
    }

    static func described(_ range: Range<Int>, of size: Int) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    }
}
