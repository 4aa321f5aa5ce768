/// Something that a request names: a warehouse, a cluster, a job.
public enum Named: Sendable, Equatable {
    case nothing
    /// Named in more than one way, or in a place that can't be read for certain.
    case unclear
    case inHead(Range<Int>)
    case inBody(Range<Int>)
}

/// What rules look at in one request, as places in the bytes of its head and body.
public struct RuledRequest: Sendable {
    public var method: Range<Int>
    /// Without the query.
    public var path: Range<Int>
    public var warehouse = Named.nothing
    public var cluster = Named.nothing
    public var job = Named.nothing

    public init(method: Range<Int>, path: Range<Int>) {
        self.method = method
        self.path = path
    }

    /// Whether a body of a request with this path may name something: an API call, not a file.
    public static func mayNameInBody(_ head: RawSpan, path: Range<Int>) -> Bool {
        apis.contains { $0.matches(head, path) } && !files.contains { $0.matches(head, path) }
    }

    /// The second is what Databricks' own pages call; both do the same.
    private static let apis = [PathPattern("/api/2.*"), PathPattern("/ajax-api/2.*")]
    private static let files = [PathPattern("/api/2.0/fs/*"), PathPattern("/ajax-api/2.0/fs/*")]

    /// Reads what the head names: in its path, its query, and in `x-databricks-cluster-id`.
    public mutating func readHead(_ head: RawSpan, query: Range<Int>?, clusterFields: [Range<Int>]) {
        readPath(head)
        for field in clusterFields { note(.inHead(field), as: \.cluster, head) }
        if let query { readQuery(head, query) }
    }

    /// Reads what a JSON body names at its top; `nil` for one that is not here, or not whole.
    public mutating func readBody(_ body: RawSpan?, _ head: RawSpan) {
        guard let body else {
            for name in RuledRequest.names where self[keyPath: name.place] == .nothing {
                self[keyPath: name.place] = .unclear
            }
            return
        }
        let members = TopLevelMembers.find(RuledRequest.names.map(\.key), in: body)
        for (name, found) in zip(RuledRequest.names, members) where found != .nothing {
            note(found, as: name.place, head, body)
        }
    }

    private static let names: [(key: [UInt8], place: WritableKeyPath<RuledRequest, Named> & Sendable)] = [
        (Array("warehouse_id".utf8), \.warehouse), (Array("cluster_id".utf8), \.cluster),
        (Array("job_id".utf8), \.job),
    ]

    /// What is named in several places must be the same in each.
    private mutating func note(
        _ found: Named, as place: WritableKeyPath<RuledRequest, Named>, _ head: RawSpan, _ body: RawSpan = RawSpan()
    ) {
        let known = self[keyPath: place]
        guard known != .nothing else { return self[keyPath: place] = found }
        if !isSame(known, found, head, body) { self[keyPath: place] = .unclear }
    }

    private func isSame(_ known: Named, _ found: Named, _ head: RawSpan, _ body: RawSpan) -> Bool {
        guard case .inHead(let left) = known else { return false }
        switch found {
        case .nothing, .unclear: return false
        case .inHead(let right): return same(head, left, head, right)
        case .inBody(let right): return same(head, left, body, right)
        }
    }

    private mutating func readQuery(_ head: RawSpan, _ query: Range<Int>) {
        for pair in split(head, query, at: UInt8(ascii: "&")) {
            let name = pair.lowerBound..<(pair.first { head[byte: $0] == UInt8(ascii: "=") } ?? pair.upperBound)
            let value = min(name.upperBound + 1, pair.upperBound)..<pair.upperBound
            if name.contains(where: { head[byte: $0] == UInt8(ascii: "%") }) {
                for (_, place) in RuledRequest.names { note(.unclear, as: place, head) }
            }
            for (key, place) in RuledRequest.names where couldMean(head, name, key) {
                note(equal(head, name, key) && plain(head, value) ? .inHead(value) : .unclear, as: place, head)
            }
        }
    }

    private mutating func readPath(_ head: RawSpan) {
        guard plain(head, path) else {
            (warehouse, cluster) = (.unclear, .unclear)
            return
        }
        let parts = split(head, path, at: UInt8(ascii: "/"))
        for (shape, place) in RuledRequest.shapes where parts.count > shape.count {
            let fits = zip(shape, parts).allSatisfy { $0.isEmpty || equal(head, $1, $0) }
            if fits, !parts[shape.count].isEmpty { note(.inHead(parts[shape.count]), as: place, head) }
        }
    }

    /// What stands before a name in a path; an empty part stands for any. A path begins with an empty part itself.
    private static let shapes: [([[UInt8]], WritableKeyPath<RuledRequest, Named> & Sendable)] = [
        (parts("/sql/1.0/warehouses"), \.warehouse), (parts("/sql/1.0/endpoints"), \.warehouse),
        (parts("/api/2.0/sql/warehouses"), \.warehouse), (parts("/api/2.0/sql/endpoints"), \.warehouse),
        (parts("/sql/protocolv1/o/"), \.cluster), (parts("/driver-proxy-api/o/"), \.cluster),
        (parts("/driver-proxy/o/"), \.cluster),
    ]

    private static func parts(_ path: String) -> [[UInt8]] {
        path.split(separator: "/", omittingEmptySubsequences: false).map { Array($0.utf8) }
    }
}

/// Whether a server that is lenient could take one name for the other: protobuf reads `jobId` as `job_id`, others are blind to
/// case.
func couldMean(_ bytes: RawSpan, _ range: Range<Int>, _ name: [UInt8]) -> Bool {
    var rest = name[...]
    for index in range where bytes[byte: index] != UInt8(ascii: "_") {
        if rest.first == UInt8(ascii: "_") { rest = rest.dropFirst() }
        let octet = bytes[byte: index]
        let isUpper = octet >= UInt8(ascii: "A") && octet <= UInt8(ascii: "Z")
        guard rest.first == (isUpper ? octet | 0x20 : octet) else { return false }
        rest = rest.dropFirst()
    }
    return rest.isEmpty
}

private func same(_ one: RawSpan, _ left: Range<Int>, _ other: RawSpan, _ right: Range<Int>) -> Bool {
    left.count == right.count
        && (0..<left.count).allSatisfy { one[byte: left.lowerBound + $0] == other[byte: right.lowerBound + $0] }
}

/// No encoding, no second slash, no parameters: nothing that two servers could read in two ways.
private func plain(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    var last: UInt8 = 0
    for index in range {
        let octet = bytes[byte: index]
        switch octet {
        case UInt8(ascii: "%"), UInt8(ascii: ";"), UInt8(ascii: "\\"), UInt8(ascii: "+"): return false
        case UInt8(ascii: "/") where last == octet: return false
        default: last = octet
        }
    }
    return true
}

private func split(_ bytes: RawSpan, _ range: Range<Int>, at mark: UInt8) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    for index in range where bytes[byte: index] == mark {
        parts.append(start..<index)
        start = index + 1
    }
    parts.append(start..<range.upperBound)
    return parts
}
