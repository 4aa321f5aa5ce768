import Foundation
import NIOEmbedded
import Testing

@testable import Edge

@Suite struct AccessLogLinesTests {
    @Test("whatever bytes a field holds, each line is one JSON object")
    func hostileBytes() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var state = seed
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("lines-\(seed)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sink = try AccessLogSink.file(path)
        let log = AccessLogLines(eventLoop: EmbeddedEventLoop(), sink: sink)
        for _ in 0..<5_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let bytes = (0..<Int(state >> 59)).map { UInt8(truncatingIfNeeded: state >> UInt64($0)) }
            log.begin()
            log.field("path", bytes.span.bytes)
            log.field("status", 200)
            log.field("duration_ms", microseconds: state >> 40)
            log.end()
        }
        log.flush()
        sink.close()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 5_000, "seed \(seed)")
        for line in lines {
            #expect(throws: Never.self, "seed \(seed): \(line)") {
                try JSONSerialization.jsonObject(with: Data(line.utf8))
            }
        }
    }

    @Test("numbers are written as numbers")
    func numbers() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("lines-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sink = try AccessLogSink.file(path)
        let log = AccessLogLines(eventLoop: EmbeddedEventLoop(), sink: sink)
        log.begin()
        log.field("bytes_in", UInt64.max)
        log.field("upstream_ms", microseconds: 1_002_003)
        log.end()
        log.flush()
        sink.close()
        let line = try String(contentsOfFile: path, encoding: .utf8)
        #expect(line.hasSuffix(#","bytes_in":18446744073709551615,"upstream_ms":1002.003}"# + "\n"))
    }

    @Test("a log that can't be opened is an error that names the file")
    func cannotOpen() {
        #expect(throws: AccessLogError.self) { try AccessLogSink.file("/nonexistent/folder/access.log") }
    }
}
