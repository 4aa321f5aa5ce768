/// How much a peer may ask for that brings nothing forward (CVE-2019-9512 and its kin, CVE-2025-8671). Counts, no clocks:
/// whoever brings something forward is forgiven.
struct Patience {
    private let mostIdle: Int
    private let mostResets: Int
    private var idle = 0
    private var resets = 0

    init(_ settings: HTTP2Settings) {
        mostIdle = settings.idleFrames
        mostResets = settings.forcedResets
    }

    /// The fault, once there is one.
    var fault: HTTP2Fault? {
        if idle > mostIdle { return .idleFrames }
        return resets > mostResets ? .resets : nil
    }

    /// A frame such as PING, SETTINGS, PRIORITY or an empty DATA.
    mutating func idleFrame() {
        idle += 1
    }

    /// A head or a part of a body, in either direction.
    mutating func progress() {
        idle = 0
    }

    /// The peer's doing made us reset a stream.
    mutating func resetForced() {
        resets += 1
    }

    mutating func streamEndedWell() {
        if resets > 0 { resets -= 1 }
    }
}
