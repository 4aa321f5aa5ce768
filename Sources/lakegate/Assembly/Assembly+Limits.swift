import Edge
import Settings

extension EdgeTimes {
    init(_ limits: LimitSettings) {
        self.init()
        clientIdle = limits.clientIdle
        upstreamSilence = limits.upstreamSilence
        queue = limits.queueTime
        upload.bytesPerSecond = limits.uploadRate
        download.bytesPerSecond = limits.downloadRate
    }
}

extension EdgeLimits {
    /// What the settings leave to the machine is asked of it here.
    init(_ limits: LimitSettings) {
        self.init()
        connections = limits.connections ?? EdgeLimits.connections(openFiles: Machine.openFiles())
        connectionsPerAddress = limits.connectionsPerAddress
        body = limits.body
        requests = limits.requests
        queue = limits.queue
        switch limits.memory {
        case .share(let percent): memory = (Machine.memory() ?? 0) / 100 * percent
        case .bytes(let bytes): memory = bytes
        case .off: memory = 0
        }
    }

    /// A client needs a file of its own and may need one to its workspace; some are for listeners, logs and the store.
    static func connections(openFiles: Int) -> Int {
        max(1, openFiles / 2 - 32)
    }
}
