import Testing
import Wire

@Suite("Where WebSocket frames begin and end")
struct FrameBoundaryTests {
    /// Frames of every form of length, with and without a mask.
    private static let frames: [[UInt8]] = [
        [0x81, 3, 1, 2, 3], [0x89, 0], [0x82, 0x80, 9, 9, 9, 9], [0x82, 0x81, 9, 9, 9, 9, 1],
        [0x82, 126, 0, 200] + [UInt8](repeating: 1, count: 200),
        [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 1, count: 65_536),
    ]

    @Test(arguments: [1, 2, 3, 7, 1000, 100_000])
    func aFrameEndsWhereItsLengthSays(pieces: Int) {
        var boundary = FrameBoundary()
        for frame in Self.frames {
            #expect(boundary.isBetweenFrames)
            for start in stride(from: 0, to: frame.count, by: pieces) {
                let piece = Array(frame[start..<min(start + pieces, frame.count)])
                boundary.pass(piece.span.bytes)
                #expect(boundary.isBetweenFrames == (start + piece.count == frame.count))
            }
        }
    }

    @Test func anAbsurdLengthDoesNoHarm() {
        var boundary = FrameBoundary()
        let frame: [UInt8] = [0x82, 0xFF] + [UInt8](repeating: 255, count: 8) + [0, 0, 0, 0, 1]
        boundary.pass(frame.span.bytes)
        #expect(!boundary.isBetweenFrames)
    }
}
