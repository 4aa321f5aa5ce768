/// What a server of a cluster answers that does not serve a key: `MOVED SLOT ADDRESS` or `ASK SLOT ADDRESS`.
struct ClusterRedirection {
    enum Kind: Equatable {
        /// From here on, the other one keeps the slot.
        case moved
        /// This once: the slot is under way to the other one, and this key is there or will be.
        case ask
    }

    let kind: Kind
    /// `nil` if the server does not know the address.
    let server: RedisServerAddress?

    /// `nil` for any other error.
    ///
    /// - Parameter server: Who answered.
    init?(_ text: String, from server: RedisServerAddress) {
        let words = text.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK" else { return nil }
        kind = words[0] == "MOVED" ? .moved : .ask
        self.server = ClusterRedirection.address(words[2])?.address(seenFrom: server)
    }

    /// The port stands behind the last colon; an IPv6 address has more of them.
    private static func address(_ text: Substring) -> ClusterAddress? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        return ClusterAddress(host: String(isBracketed ? host.dropFirst().dropLast() : host), port: port)
    }
}
