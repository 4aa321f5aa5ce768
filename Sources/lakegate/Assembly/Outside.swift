import Basics

#if canImport(Glibc)
    import Glibc
#endif

extension WallClock {
    /// CLOCK_REALTIME.
    static let system = WallClock {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
    }
}

/// Sees to it that a crash takes no secret with it.
enum CrashSilence {
    /// The runtime's crash report prints registers, and a register may point at a token: its handlers are taken out.
    /// A core file would hold every token: none is written.
    static func keep() {
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT] {
            signal(number, SIG_DFL)
        }
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A peer that closes is told by the write's error.
        signal(SIGPIPE, SIG_IGN)
    }
}
