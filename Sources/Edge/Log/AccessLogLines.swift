import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// The access log of one event loop: formats a line per request into one buffer and hands it on a few times a second.
final class AccessLogLines {
    private let eventLoop: any EventLoop
    private let sink: AccessLogSink?
    private var lines: [UInt8] = []
    private var count: UInt64 = 0
    private var isScheduled = false
    private let batch = 65_536

    init(eventLoop: any EventLoop, sink: AccessLogSink?) {
        self.eventLoop = eventLoop
        self.sink = sink
    }

    var isOn: Bool { sink != nil }

    /// Starts a line with the time of day (seconds since 1970, milliseconds as decimals); fields follow, then ``end()``.
    func begin() {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        append(#"{"time":"#)
        appendDecimal(UInt64(now.tv_sec))
        appendThousandths(UInt64(now.tv_nsec) / 1_000_000)
    }

    func field(_ name: StaticString, _ text: RawSpan) {
        key(name)
        lines.append(UInt8(ascii: "\""))
        for index in 0..<text.byteCount {
            appendEscaped(text.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        lines.append(UInt8(ascii: "\""))
    }

    func field(_ name: StaticString, _ text: String) {
        var text = text
        text.withUTF8 { field(name, RawSpan(_unsafeBytes: UnsafeRawBufferPointer($0))) }
    }

    func field(_ name: StaticString, _ number: UInt64) {
        key(name)
        appendDecimal(number)
    }

    /// In milliseconds with three decimals.
    func field(_ name: StaticString, microseconds: UInt64) {
        key(name)
        appendDecimal(microseconds / 1000)
        appendThousandths(microseconds % 1000)
    }

    func end() {
        append("}\n")
        count += 1
        if lines.count >= batch {
            flush()
        } else {
            schedule()
        }
    }

    /// Hands what is there to the sink.
    func flush() {
        guard count > 0 else { return }
        sink?.submit(lines, count: count)
        lines = []
        lines.reserveCapacity(batch + 4096)
        count = 0
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(200)) {
            self.isScheduled = false
            self.flush()
        }
    }

    private func key(_ name: StaticString) {
        append(",\"")
        append(name)
        append("\":")
    }

    private func append(_ text: StaticString) {
        lines.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// What could end the string or the line, and all that is not ASCII, becomes `\u00XX`.
    private func appendEscaped(_ byte: UInt8) {
        let isPlain = byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        if isPlain {
            lines.append(byte)
        } else {
            append("\\u00")
            lines.append(hexDigits[Int(byte >> 4)])
            lines.append(hexDigits[Int(byte & 15)])
        }
    }

    private func appendDecimal(_ number: UInt64) {
        guard number >= 10 else {
            lines.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
            return
        }
        appendDecimal(number / 10)
        lines.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    private func appendThousandths(_ number: UInt64) {
        lines.append(UInt8(ascii: "."))
        lines.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 100 % 10))
        lines.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10 % 10))
        lines.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}

let hexDigits = Array("0123456789abcdef".utf8)
