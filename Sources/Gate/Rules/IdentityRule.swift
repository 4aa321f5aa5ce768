import Basics

/// Who asks, once that is known.
public enum Caller: Sendable, Equatable {
    /// The person of a session, by user name.
    case person([UInt8], groups: GroupNames)
    /// A machine client of the workspace, as an index into its list.
    case machine(Int)
}

/// Whose credential a rule chooses.
public enum ActAs: Sendable, Equatable {
    /// The person who asks.
    case user
    /// A service principal of the workspace, as an index into its list.
    case principal(Int)
    case refuse
}

/// One rule: what a request must be like, an empty list standing for anything, and whose credential it then goes with.
public struct IdentityRule: Sendable {
    public var paths: [PathPattern]
    public var methods: [[UInt8]]
    public var warehouses: [[UInt8]]
    public var clusters: [[UInt8]]
    public var jobs: [[UInt8]]
    public var clients: [Int]
    public var users: [[UInt8]]
    public var groups: [[UInt8]]
    public var actAs: ActAs

    public init(
        paths: [String] = [], methods: [String] = [], warehouses: [String] = [], clusters: [String] = [],
        jobs: [String] = [], clients: [Int] = [], users: [String] = [],
        groups: [String] = [], actAs: ActAs
    ) {
        self.paths = paths.map { PathPattern($0) }
        self.methods = methods.map { Array($0.utf8) }
        self.warehouses = warehouses.map { Array($0.utf8) }
        self.clusters = clusters.map { Array($0.utf8) }
        self.jobs = jobs.map { Array($0.utf8) }
        self.clients = clients
        self.users = users.map { Array($0.utf8) }
        self.groups = groups.map { Array($0.utf8) }
        self.actAs = actAs
    }

    /// Whether it looks at what a body may say.
    var looksAtBody: Bool { !warehouses.isEmpty || !clusters.isEmpty || !jobs.isEmpty }

    func matches(_ request: RuledRequest, _ head: RawSpan, _ body: RawSpan, by caller: Caller) -> Bool {
        matches(caller)
            && (methods.isEmpty || methods.contains { equal(head, request.method, $0) })
            && (paths.isEmpty || paths.contains { $0.matches(head, request.path) })
            && matches(warehouses, request.warehouse, head, body)
            && matches(clusters, request.cluster, head, body)
            && matches(jobs, request.job, head, body)
    }

    /// A rule about people speaks of no machine, and the other way round.
    private func matches(_ caller: Caller) -> Bool {
        if clients.isEmpty, users.isEmpty, groups.isEmpty { return true }
        switch caller {
        case .machine(let index): return clients.contains(index)
        case .person(let name, let theirs):
            return users.contains(name) || groups.contains { theirs.contains($0) } || isUnclear(for: caller)
        }
    }

    /// It asks for groups of somebody whose groups are not known: neither passing over it nor following it would be right.
    func isUnclear(for caller: Caller) -> Bool {
        guard !groups.isEmpty, case .person(let name, let theirs) = caller else { return false }
        return !theirs.areKnown && !users.contains(name)
    }

    /// What can't be read for certain matches no rule that gives, and each that refuses.
    private func matches(_ wanted: [[UInt8]], _ named: Named, _ head: RawSpan, _ body: RawSpan) -> Bool {
        guard !wanted.isEmpty else { return true }
        switch named {
        case .nothing: return false
        case .unclear: return actAs == .refuse
        case .inHead(let range): return wanted.contains { equal(head, range, $0) }
        case .inBody(let range): return wanted.contains { equal(body, range, $0) }
        }
    }
}

func equal(_ bytes: RawSpan, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
    guard range.count == text.count else { return false }
    for index in text.indices where bytes[byte: range.lowerBound + index] != text[index] { return false }
    return true
}

extension RawSpan {
    /// Bounds-checked, in spite of the name of the load; any byte is a valid `UInt8`.
    @inline(__always)
    subscript(byte offset: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
