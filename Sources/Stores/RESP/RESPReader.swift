import CHiredis

/// hiredis' reply parser, building values of ours. Belongs to one event loop.
///
/// hiredis 0.14 would allocate whatever array length a reply announces; building the objects here allows limits:
/// 64 elements unless told otherwise, 4 MiB for one reply, and hiredis' own depth of 7.
package final class RESPReader {
    static let largestReply = 4 * 1024 * 1024
    package static let mostElements = 64

    private let reader: UnsafeMutablePointer<redisReader>?
    // hiredis keeps a pointer to the table, so it lives in memory of its own for as long as the reader.
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    // What hiredis hands to the functions; in memory of its own for the same reason.
    private let longestArray: UnsafeMutablePointer<Int>
    private var unparsed = 0

    package init(mostElements: Int = RESPReader.mostElements) {
        functions = .allocate(capacity: 1)
        functions.initialize(to: replyFunctions)
        longestArray = .allocate(capacity: 1)
        longestArray.initialize(to: mostElements)
        reader = redisReaderCreateWithFunctions(functions)
        reader?.pointee.privdata = UnsafeMutableRawPointer(longestArray)
    }

    deinit {
        if let reader { redisReaderFree(reader) }
        functions.deallocate()
        longestArray.deallocate()
    }

    package func feed(_ bytes: UnsafeRawBufferPointer) throws(RESPGarbage) {
        unparsed += bytes.count
        guard let reader, unparsed <= Self.largestReply,
            redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK
        else { throw RESPGarbage() }
    }

    /// The next whole reply; `nil` if more bytes are needed.
    package func next() throws(RESPGarbage) -> RESPValue? {
        var object: UnsafeMutableRawPointer?
        guard let reader, redisReaderGetReply(reader, &object) == REDIS_OK else { throw RESPGarbage() }
        guard let object else { return nil }
        unparsed = max(0, reader.pointee.len - reader.pointee.pos)
        return Unmanaged<ReplyNode>.fromOpaque(object).takeRetainedValue().value
    }
}

/// A reply under construction. hiredis holds the root retained; parents own their children.
private final class ReplyNode {
    private let leaf: RESPValue?
    private var children: [ReplyNode] = []

    init(_ leaf: RESPValue?) {
        self.leaf = leaf
    }

    var value: RESPValue {
        leaf ?? .array(children.map(\.value))
    }

    func append(_ child: ReplyNode) {
        children.append(child)
    }
}

/// Hands a node to hiredis: retained if it is the root, else owned by its parent.
private func hand(
    _ leaf: RESPValue?, _ task: UnsafePointer<redisReadTask>?
) -> UnsafeMutableRawPointer? {
    let node = ReplyNode(leaf)
    guard let parent = task?.pointee.parent?.pointee.obj else { return Unmanaged.passRetained(node).toOpaque() }
    Unmanaged<ReplyNode>.fromOpaque(parent).takeUnretainedValue().append(node)
    return Unmanaged.passUnretained(node).toOpaque()
}

private let replyFunctions = redisReplyObjectFunctions(
    createString: { task, bytes, count in
        let content = Array(UnsafeRawBufferPointer(start: bytes, count: count))
        return switch task?.pointee.type {
        case REDIS_REPLY_ERROR: hand(.error(String(decoding: content, as: UTF8.self)), task)
        case REDIS_REPLY_STATUS: hand(.status(String(decoding: content, as: UTF8.self)), task)
        default: hand(.bulk(content), task)
        }
    },
    createArray: { task, count in
        // No object means "out of memory" to hiredis, which ends the connection: what an absurd length deserves.
        let limit = task?.pointee.privdata?.assumingMemoryBound(to: Int.self).pointee ?? RESPReader.mostElements
        return count <= limit ? hand(nil, task) : nil
    },
    createInteger: { task, number in hand(.integer(number), task) },
    createNil: { task in hand(.null, task) },
    freeObject: { object in
        guard let object else { return }
        Unmanaged<ReplyNode>.fromOpaque(object).release()
    }
)
