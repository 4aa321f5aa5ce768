/// The last so many sessions that ended: an old snapshot that arrives late must not bring one back.
struct Tombstones {
    private let limit: Int
    private var ids: Set<SessionID> = []
    private var ring: [SessionID] = []
    private var oldest = 0

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    func contains(_ id: SessionID) -> Bool {
        ids.contains(id)
    }

    mutating func insert(_ id: SessionID) {
        guard ids.insert(id).inserted else { return }
        guard ring.count >= limit else { return ring.append(id) }
        ids.remove(ring[oldest])
        ring[oldest] = id
        oldest = (oldest + 1) % limit
    }
}
