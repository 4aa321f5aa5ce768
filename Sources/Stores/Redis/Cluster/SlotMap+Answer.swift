extension SlotMap {
    /// Longest array in an answer of `CLUSTER SLOTS`: as many ranges as slots.
    static let mostElements = KeySlot.count

    /// Reads the answer to `CLUSTER SLOTS`: for each range of slots its first, its last, the master, and its replicas.
    /// `nil` for anything else.
    ///
    /// - Parameter server: Who was asked. A server that does not know its own address means this one.
    init?(_ answer: RESPValue, of server: RedisServerAddress) {
        guard case .array(let ranges) = answer else { return nil }
        for range in ranges {
            guard case .array(let parts) = range, parts.count >= 3, case .integer(let first) = parts[0],
                case .integer(let last) = parts[1], 0 <= first, first <= last, last < KeySlot.count,
                let nodes = SlotMap.addresses(parts[2...], seenFrom: server)
            else { return nil }
            if let master = nodes[0] { assign(Int(first)...Int(last), to: master) }
            for replica in nodes.dropFirst() { replica.map { add(replica: $0) } }
        }
        // A range for each of 65,535 masters would be needed for more; there are fewer slots.
        guard masters.count <= KeySlot.count else { return nil }
    }

    /// An address that the server asked does not know stays `nil`.
    private static func addresses(
        _ nodes: ArraySlice<RESPValue>, seenFrom server: RedisServerAddress
    ) -> [RedisServerAddress?]? {
        var addresses: [RedisServerAddress?] = []
        for node in nodes {
            guard case .array(let parts) = node, parts.count >= 2, case .integer(let port) = parts[1],
                0...65_535 ~= port
            else { return nil }
            addresses.append(ClusterAddress(host: parts[0].text, port: Int(port)).address(seenFrom: server))
        }
        return addresses
    }
}
