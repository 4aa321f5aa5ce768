import Basics
import Gate
import HTTP2
import Logging
import Sessions
import TLS
import Wire

/// What all event loops read and none changes.
final class EdgeShared: Sendable {
    let workspaces: [EdgeWorkspace]
    let hosts: HostTable
    /// Ready-made bytes per workspace, in the order of `workspaces`.
    let upstreamAuthorities: [[UInt8]]
    /// As a Location begins that leads to the workspace itself.
    let upstreamOrigins: [[UInt8]]
    let identity: ServerIdentity
    let keeper: any SessionKeeping
    let bearers: (any BearerResolving)?
    let principals: any PrincipalKeeping
    let localSite: any LocalSite
    let metrics: EdgeMetrics
    let accessLog: AccessLogSink?
    let clock: WallClock
    let random: RandomSource
    let logger: Logger
    let times: EdgeTimes
    let limits: EdgeLimits
    let headLimits: HeadLimits
    let http2: HTTP2Settings
    let hotSessions: Int
    let staleness: Duration
    let endNotice: Duration
    let admission: Admission
    let memory: MemoryWatch
    /// How many event loops share the limits of a workspace.
    let loops: Int

    init(_ options: EdgeOptions, _ services: EdgeServices, loops: Int) {
        self.loops = loops
        admission = Admission(most: options.limits.connections, mostOfEach: options.limits.connectionsPerAddress)
        memory = MemoryWatch(
            limit: options.limits.memory, resident: options.residentMemory, metrics: services.metrics,
            logger: services.logger)
        workspaces = options.workspaces
        hosts = HostTable(options.workspaces)
        upstreamAuthorities = options.workspaces.map { Array($0.upstreamAuthority.utf8) }
        upstreamOrigins = options.workspaces.map { Array("https://\($0.upstreamAuthority.lowercased())".utf8) }
        identity = options.identity
        keeper = services.keeper
        bearers = services.bearers
        principals = services.principals
        localSite = services.localSite
        metrics = services.metrics
        accessLog = services.accessLog
        clock = services.clock
        random = services.random
        logger = services.logger
        times = options.times
        limits = options.limits
        headLimits = HeadLimits(bytes: options.limits.head)
        http2 = HTTP2Settings(options.limits)
        hotSessions = options.hotSessions
        staleness = options.staleness
        endNotice = options.endNotice
    }

    /// Tells the operator why a workspace gave no answer.
    func report(_ failure: UpstreamFailure, _ reason: ClosingReason, workspace: Int) {
        logger.warning(
            "workspace gave no answer",
            metadata: ["workspace": "\(workspaces[workspace].name)", "failure": "\(failure)", "reason": "\(reason)"])
    }
}

extension HTTP2Settings {
    init(_ limits: EdgeLimits) {
        self.init()
        concurrentStreams = limits.streams
        headerBytes = limits.head
    }
}

/// Host names and the workspace each belongs to. Looked up by bytes: a request builds no String.
struct HostTable: Sendable {
    private let entries: [(name: [UInt8], workspace: Int)]

    init(_ workspaces: [EdgeWorkspace]) {
        entries = workspaces.enumerated().flatMap { index, workspace in
            workspace.hosts.map { (Array($0.lowercased().utf8), index) }
        }
    }

    /// The workspace of an authority (`host` or `host:port`), whatever the case of its letters; the port does not count.
    func workspace(of authority: RawSpan) -> Int? {
        let length = hostLength(authority)
        for entry in entries where entry.name.count == length && matches(entry.name, authority) {
            return entry.workspace
        }
        return nil
    }

    private func hostLength(_ authority: RawSpan) -> Int {
        var end = authority.byteCount
        while end > 0 {
            let byte = authority.unsafeLoad(fromByteOffset: end - 1, as: UInt8.self)
            if byte == UInt8(ascii: ":") { return end - 1 }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { break }
            end -= 1
        }
        return authority.byteCount
    }

    private func matches(_ name: [UInt8], _ authority: RawSpan) -> Bool {
        for index in name.indices {
            let byte = authority.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard name[index] == (isUpper ? byte | 0x20 : byte) else { return false }
        }
        return true
    }
}
