import NIOCore

/// Uploaded files, in memory, up to a total size.
struct FileShelf: Sendable {
    struct Item: Sendable {
        var chunks: [ByteBuffer]
        var size: Int
        var checksum: String
    }

    enum Refusal: Error {
        case exists
        case full
    }

    let capacity: Int
    private var items: [String: Item] = [:]
    private(set) var used = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Sets room aside for bytes on their way, so that uploads together stay under the capacity.
    mutating func reserve(_ bytes: Int) -> Bool {
        guard used + bytes <= capacity else { return false }
        used += bytes
        return true
    }

    mutating func release(_ bytes: Int) {
        used -= bytes
    }

    /// Shelves an upload whose bytes are reserved already.
    mutating func put(_ item: Item, at path: String) {
        remove(path)
        items[path] = item
    }

    func item(at path: String) -> Item? {
        items[path]
    }

    @discardableResult
    mutating func remove(_ path: String) -> Bool {
        guard let item = items.removeValue(forKey: path) else { return false }
        used -= item.size
        return true
    }
}
