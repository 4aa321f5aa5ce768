import Basics

/// Session ids ordered by when something is due for them: a binary heap, earliest first.
struct DueQueue {
    struct Entry {
        let at: Timestamp
        let id: SessionID
    }

    private var heap: [Entry] = []

    var count: Int { heap.count }
    var first: Entry? { heap.first }

    mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0, heap[child].at < heap[(child - 1) / 2].at {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The earliest entry, if it is due.
    mutating func popDue(_ now: Timestamp) -> Entry? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sinkRoot()
        }
        return first
    }

    private mutating func sinkRoot() {
        var parent = 0
        while let child = earlierChild(of: parent), heap[child].at < heap[parent].at {
            heap.swapAt(parent, child)
            parent = child
        }
    }

    private func earlierChild(of parent: Int) -> Int? {
        let left = 2 * parent + 1
        guard left < heap.count else { return nil }
        return left + 1 < heap.count && heap[left + 1].at < heap[left].at ? left + 1 : left
    }
}
