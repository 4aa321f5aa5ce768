/// Of what there is too much.
public enum Overload: Sendable, Equatable {
    case memory
    /// As many requests to the workspace as may be are under way, and as many wait.
    case queue(requests: Int, waiting: Int)
    /// The request waited for so many seconds for one of those under way to end.
    case queueTime(requests: Int, seconds: Int)

    var message: String {
        switch self {
        case .memory: "The proxy is short of memory (limits.memory)."
        case .queue(let requests, let waiting):
            "\(requests) requests to this workspace are under way (limits.requests) and \(waiting) wait (limits.queue)."
        case .queueTime(let requests, let seconds):
            "\(requests) requests to this workspace are under way (limits.requests), and none ended within \(seconds) s "
                + "(limits.queueTime)."
        }
    }
}
