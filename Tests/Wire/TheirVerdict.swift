import NIOCore
import NIOEmbedded
import NIOHTTP1

/// What NIOHTTP1 makes of the first message in some bytes.
func theirRequest(_ bytes: [UInt8]) throws -> Verdict {
    let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
    let channel = EmbeddedChannel(handler: decoder)
    let error = feed(channel, bytes)
    var reading: Reading?
    while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
        switch part {
        case .head(let head):
            reading = Reading(first: "\(head.method.rawValue) \(head.uri) \(version(head.version))")
            reading?.fields = fields(head.headers)
        case .body(let buffer): reading?.body += Array(buffer.readableBytesView)
        case .end: reading?.isWhole = true
        }
        if reading?.isWhole == true { break }
    }
    _ = try? channel.finish()
    return verdict(reading, error)
}

func theirResponse(_ bytes: [UInt8], to method: NIOHTTP1.HTTPMethod) throws -> Verdict {
    let decoder = ByteToMessageHandler(
        HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward))
    let channel = EmbeddedChannel(handler: decoder)
    let request = HTTPRequestHead(version: .http1_1, method: method, uri: "/")
    channel.write(HTTPClientRequestPart.head(request), promise: nil)
    let error = feed(channel, bytes)
    var reading: Reading?
    while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
        switch part {
        case .head(let head):
            reading = Reading(first: "\(head.status.code) \(version(head.version))")
            reading?.fields = fields(head.headers)
            if head.status.code < 200 { reading?.isWhole = true }
        case .body(let buffer): reading?.body += Array(buffer.readableBytesView)
        case .end: reading?.isWhole = true
        }
        if reading?.isWhole == true { break }
    }
    _ = try? channel.finish()
    return verdict(reading, error)
}

private func feed(_ channel: EmbeddedChannel, _ bytes: [UInt8]) -> (any Error)? {
    do {
        try channel.writeInbound(channel.allocator.buffer(bytes: bytes))
        return nil
    } catch {
        return error
    }
}

/// NIOHTTP1 leaves blanks behind a value, which do not belong to it (RFC 9110, section 5.5).
private func fields(_ headers: HTTPHeaders) -> [String] {
    headers.map { name, value in
        var octets = Array(value.utf8)
        while let last = octets.last, last == 0x20 || last == 0x09 { octets.removeLast() }
        return name + ":" + String(decoding: octets, as: UTF8.self)
    }
}

private func version(_ version: HTTPVersion) -> String { "\(version.major).\(version.minor)" }

/// A fault behind the end of the first message is about the next one.
private func verdict(_ reading: Reading?, _ error: (any Error)?) -> Verdict {
    if let error, reading?.isWhole != true { return .refused("\(error)") }
    return reading.map { .read($0) } ?? .waiting
}
