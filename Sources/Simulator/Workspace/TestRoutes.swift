import NIOCore

/// What no workspace has: requests shown back, and answers made to order.
struct TestRoutes: Sendable {
    static let prefix = "/api/2.0/lakegate-simulator/"
    let user: DemoUser

    func serve(_ exchange: Exchange) async throws {
        let words = exchange.path.dropFirst(TestRoutes.prefix.count).split(separator: "/").map(String.init)
        switch words.first {
        case "echo": try await echo(exchange)
        case "stream": try await stream(exchange)
        case "slow": try await slow(exchange)
        case "abort": try await cut(exchange)
        case "early": try await early(exchange)
        case "status": try await exchange.send(made(words.last ?? "", exchange.query))
        case "permission-denied":
            try await exchange.send(.failure(403, "PERMISSION_DENIED", "\(user.name) may not do this"))
        default: try await exchange.send(.notFound(exchange.path))
        }
    }

    private func number(_ name: String, in exchange: Exchange, default missing: Int, most: Int = 1 << 40) -> Int {
        max(0, min(exchange.query[name].flatMap { Int($0) } ?? missing, most))
    }

    /// The request as it came, but for the bearer: that is replaced by its owner.
    private func echo(_ exchange: Exchange) async throws {
        let digest = Digest()
        var length = 0
        while let chunk = try await exchange.nextChunk() {
            chunk.withUnsafeReadableBytes { digest.update($0) }
            length += chunk.readableBytes
        }
        let fields = exchange.head.headers.map { name, value -> JSON in
            [.string(name), .string(name.lowercased() == "authorization" ? "Bearer of \(user.name)" : value)]
        }
        try await exchange.send(
            .json([
                "method": .string(exchange.method), "target": .string(exchange.head.uri), "fields": .array(fields),
                "caller": .string(user.name), "bodyLength": .number(Int64(length)),
                "bodySHA256": .string(hexadecimal(digest.finish())),
            ]))
    }

    /// An answer before the body was read; with `close=1` nobody ever reads it.
    private func early(_ exchange: Exchange) async throws {
        exchange.leavesBodyUnread = exchange.query["close"] == "1"
        try await exchange.send(.failure(413, "REQUEST_TOO_LARGE", "Answered before the body was read"))
    }

    /// `bytes` in pieces of `chunk`, `delay` milliseconds apart, chunked.
    private func stream(_ exchange: Exchange) async throws {
        let total = number("bytes", in: exchange, default: 65536)
        let size = max(1, number("chunk", in: exchange, default: 8192, most: 1 << 20))
        let delay = number("delay", in: exchange, default: 0, most: 60_000)
        try await exchange.start(200, [(name: "content-type", value: "application/octet-stream")])
        for start in stride(from: 0, to: total, by: size) {
            if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
            try await exchange.write(GeneratedBytes.chunk(start..<min(start + size, total)))
        }
        try await exchange.finish()
    }

    /// An answer after `ms` milliseconds.
    private func slow(_ exchange: Exchange) async throws {
        try await Task.sleep(for: .milliseconds(number("ms", in: exchange, default: 1000, most: 600_000)))
        try await exchange.send(.json(["slept": true]))
    }

    /// Promises a megabyte, sends `bytes` of it and cuts the connection; with `before=head` it sends nothing.
    private func cut(_ exchange: Exchange) async throws {
        guard exchange.query["before"] != "head" else { return await exchange.abort() }
        let sent = number("bytes", in: exchange, default: 1000, most: 1 << 20)
        let chunked = exchange.query["chunked"] == "1"
        try await exchange.start(200, chunked ? [] : [(name: "content-length", value: String(1 << 20))])
        try await exchange.write(GeneratedBytes.chunk(0..<sent))
        try await Task.sleep(for: .milliseconds(50))
        await exchange.abort()
    }

    private func made(_ status: String, _ query: FormFields) -> Reply {
        guard let code = Int(status), (200...599).contains(code) else {
            return .failure(400, "INVALID_PARAMETER_VALUE", "No such status")
        }
        let reply = Reply.json(["error_code": "SIMULATED", "message": "As ordered"], status: code)
        return query["retry_after"].map { reply.adding("retry-after", $0) } ?? reply
    }
}
