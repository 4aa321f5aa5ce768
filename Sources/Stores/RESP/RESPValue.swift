/// One reply of a Redis server (RESP2).
package indirect enum RESPValue: Sendable, Equatable {
    case bulk([UInt8])
    case status(String)
    case integer(Int64)
    case array([RESPValue])
    case null
    /// The server's error text; its first word is the code. May repeat what was sent, so only the code is shown.
    case error(String)

    /// What was published on a channel, where the value tells of that.
    var message: [UInt8]? {
        guard case .array(let parts) = self, parts.count == 3, parts[0] == .bulk(RESPValue.messageMark),
            case .bulk(let content) = parts[2]
        else { return nil }
        return content
    }

    private static let messageMark = Array("message".utf8)

    var text: String? {
        switch self {
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        case .integer(let number): String(number)
        case .array, .null, .error: nil
        }
    }
}

/// The bytes do not make sense as replies; the connection is of no more use.
package struct RESPGarbage: Error, Equatable {}
