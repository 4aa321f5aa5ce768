/// Writes a refusal as gRPC has it: a head that is all of the answer, with the status in it (gRPC over HTTP/2,
/// "Trailers-Only"). Databricks Connect shows the message and does not retry UNAUTHENTICATED.
public enum GRPCAnswer {
    public static func answer(to refusal: Refusal, loginURL: String) -> LocalResponse {
        let message = refusal.needsLogin ? "\(refusal.message) Log in at \(loginURL)" : refusal.message
        var fields = [
            ("content-type", "application/grpc"), ("grpc-status", String(status(of: refusal))),
            ("grpc-message", encoded(message)),
        ]
        if let seconds = refusal.retryAfter { fields.append(("retry-after", String(seconds))) }
        return LocalResponse(status: 200, fields: fields, body: [])
    }

    /// Trailers of an answer that the workspace left unfinished: UNAVAILABLE, as without a proxy. From a bare RST_STREAM
    /// clients would read INTERNAL, which none of them tries again.
    public static let brokenOff = [
        ("grpc-status", "14"), ("grpc-message", "The workspace's answer broke off in the middle."),
    ]

    /// One of gRPC's own numbers: UNAUTHENTICATED, UNAVAILABLE and so on.
    private static func status(of refusal: Refusal) -> Int {
        switch refusal.status {
        case 401: 16
        case 403: 7
        case 404, 421: 12
        case 408, 504: 4
        case 413, 429, 431: 8
        case 502, 503: 14
        default: 3
        }
    }

    /// Percent-encoded outside of the visible ASCII, the percent sign too.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "%") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
