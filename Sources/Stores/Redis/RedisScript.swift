/// What Lakegate lets Redis do in one step.
enum RedisScript: String, Sendable, CaseIterable {
    /// KEYS: name. ARGV: expected generation, new generation, bytes, life in milliseconds.
    case write = """
        local stored = redis.call('HGET', KEYS[1], 'g') or '0'
        if stored ~= ARGV[1] then return stored end
        redis.call('HSET', KEYS[1], 'g', ARGV[2], 'b', ARGV[3])
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        return redis.status_reply('OK')
        """
    /// KEYS: name. Gives generation and bytes, both nil if there is no record.
    case take = """
        local record = redis.call('HMGET', KEYS[1], 'g', 'b')
        redis.call('DEL', KEYS[1])
        return record
        """

    func command(sha: String?, key: [UInt8], arguments: [[UInt8]]) -> RedisCommand {
        let start = sha.map { ["EVALSHA", $0, "1"] } ?? ["EVAL", rawValue, "1"]
        return RedisCommand(start.map { Array($0.utf8) } + [key] + arguments)
    }
}
