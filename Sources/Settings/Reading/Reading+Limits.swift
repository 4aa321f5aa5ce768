import Basics

extension Reading {
    /// What is wrong in here keeps its standard and is recorded.
    mutating func limits(_ section: Section) -> LimitSettings {
        var limits = LimitSettings()
        limits.connections = number(.limitsConnections, in: section, 1...1_000_000)
        limits.body = value(.limitsBody, in: section) { text throws(Complaint) in try PlainValue.size(text) }
        keep(&limits.connectionsPerAddress, number(.limitsConnectionsPerAddress, in: section, 0...1_000_000))
        keep(&limits.clientIdle, duration(.limitsClientIdle, in: section, .seconds(1) ... .seconds(3600)))
        keep(&limits.uploadRate, number(.limitsUploadRate, in: section, 0...1_000_000))
        keep(&limits.downloadRate, number(.limitsDownloadRate, in: section, 0...1_000_000))
        keep(&limits.upstreamSilence, duration(.limitsUpstreamSilence, in: section, .seconds(1) ... .seconds(86400)))
        keep(&limits.requests, number(.limitsRequests, in: section, 1...1_000_000))
        keep(&limits.queue, number(.limitsQueue, in: section, 0...1_000_000))
        keep(&limits.queueTime, duration(.limitsQueueTime, in: section, .seconds(1) ... .seconds(600)))
        keep(&limits.memory, value(.limitsMemory, in: section) { text throws(Complaint) in try MemoryLimit(text) })
        return limits
    }

    private func keep<Value>(_ place: inout Value, _ value: Value?) {
        if let value { place = value }
    }

    private mutating func number(_ knob: Knob, in section: Section, _ range: ClosedRange<Int>) -> Int? {
        value(knob, in: section) { text throws(Complaint) in try PlainValue.number(text, in: range) }
    }

    private mutating func duration(_ knob: Knob, in section: Section, _ range: ClosedRange<Duration>) -> Duration? {
        value(knob, in: section) { text throws(Complaint) in try PlainValue.duration(text, in: range) }
    }
}
