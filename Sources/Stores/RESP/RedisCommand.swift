import NIOCore

/// A command and its arguments, as bytes that cannot be taken for protocol.
struct RedisCommand: Sendable {
    let words: [[UInt8]]

    init(_ words: [[UInt8]]) {
        self.words = words
    }

    init(_ words: String...) {
        self.words = words.map { Array($0.utf8) }
    }

    func append(to buffer: inout ByteBuffer) {
        buffer.writeString("*\(words.count)\r\n")
        for word in words {
            buffer.writeString("$\(word.count)\r\n")
            buffer.writeBytes(word)
            buffer.writeString("\r\n")
        }
    }
}
