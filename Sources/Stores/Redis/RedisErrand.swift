import NIOCore

/// A command for the server that keeps its key.
struct KeyedCommand: Sendable {
    let key: [UInt8]
    /// Whether a failover must not forget what it writes.
    var isAcknowledged = false
    /// Made when it is sent, because it may depend on which scripts the connection knows.
    let make: @Sendable (RedisLink) -> RedisCommand
}

/// A command on its way over one connection.
struct RedisErrand {
    let command: (RedisLink) -> RedisCommand
    let deadline: NIODeadline
    /// Whether the server serves it although it does not keep the key yet (`ASKING`).
    var isAsking = false
    let answer: RedisChannel.Answer
}
