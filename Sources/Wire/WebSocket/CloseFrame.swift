/// The frame that ends a WebSocket (RFC 6455, section 5.5.1), as a server sends it: without a mask.
public enum CloseFrame {
    /// Why, of the codes of RFC 6455, section 7.4.1.
    public enum Reason: UInt16, Sendable {
        /// The server goes down.
        case goingAway = 1001
        /// What was allowed is allowed no more.
        case policyViolation = 1008
    }

    public static func bytes(_ reason: Reason) -> [UInt8] {
        [0x88, 2, UInt8(reason.rawValue >> 8), UInt8(truncatingIfNeeded: reason.rawValue)]
    }
}
