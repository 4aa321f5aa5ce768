/// What a client was waited for, and for how long.
public enum Lateness: Sendable, Equatable {
    /// The head was not whole after so many seconds.
    case head(seconds: Int)
    /// Nothing came of the body for so many seconds.
    case silence(seconds: Int)
    /// Less came of the body than is asked for.
    case pace(bytesPerSecond: Int)

    var message: String {
        switch self {
        case .head(let seconds): "The head of the request was not complete within \(seconds) s."
        case .silence(let seconds): "The rest of the request's body was waited for, and nothing came for \(seconds) s."
        case .pace(let rate): "The request's body came with less than \(rate) bytes a second (limits.uploadRate)."
        }
    }
}
