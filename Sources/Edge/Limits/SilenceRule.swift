/// How long a workspace may say nothing while an answer is due, by what was asked of it. A tunnel is none of an exchange's
/// business any more, and has ``EdgeTimes/tunnelIdle``.
struct SilenceRule {
    enum Route {
        case ordinary
        /// Streams may be silent for as long as both sides like; whether the workspace lives is asked by PING.
        case gRPC
    }

    let ordinary: Duration

    /// `nil` for as long as it likes.
    func limit(for route: Route) -> Duration? {
        switch route {
        case .ordinary: ordinary
        case .gRPC: nil
        }
    }
}
