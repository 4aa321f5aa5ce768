import HeadInvariants

/// libFuzzer's entry: reads any bytes as a head or a body and stops the process if a rule breaks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    if let rule = brokenInvariant(input) { fatalError("broken: \(rule)") }
    return 0
}
