import Foundation
import Invariants

/// Chosen by Tests/Fuzz/run.sh; libFuzzer has no argument of its own for it.
private let reader: FuzzedReader = {
    let name = ProcessInfo.processInfo.environment["LAKEGATE_FUZZ_READER"] ?? ""
    guard let reader = FuzzedReader(rawValue: name) else { fatalError("no such reader: \(name)") }
    return reader
}()

/// CPU time, so that other programs on the machine make no input slow.
private func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// libFuzzer's entry: has any bytes read and stops the process if a rule breaks, or if reading takes over 100 ms.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    // The first time may be slow because something is made that is kept.
    for isLast in [false, true] {
        let began = processorTime()
        if let rule = reader.brokenRule(for: input) { fatalError("broken: \(rule)") }
        guard processorTime() - began > .milliseconds(100) else { break }
        if isLast { fatalError("broken: reading takes at most 100 ms") }
    }
    return 0
}
