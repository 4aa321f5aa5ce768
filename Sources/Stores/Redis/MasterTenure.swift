import Basics
import NIOCore
import Sessions

/// For how long the master has been one, by what was last said of it. Lives on one event loop.
final class MasterTenure {
    private var known: (master: RedisMaster, asOf: NIODeadline)?

    /// One that follows another is young until somebody says otherwise.
    func note(_ master: RedisMaster, now: NIODeadline) {
        var master = master
        if let known {
            if known.master.server != master.server {
                master.age = .zero
            } else if master.age == nil {
                return
            }
        }
        known = (master, now)
    }

    func age(now: NIODeadline) -> Duration? {
        known.flatMap { known in known.master.age.map { $0 + .nanoseconds((now - known.asOf).nanoseconds) } }
    }
}
