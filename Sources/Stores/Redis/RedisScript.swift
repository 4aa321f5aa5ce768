/// What Lakegate lets Redis do in one step. `LeasedRecord` says the same in Swift.
///
/// A record is a hash: generation `g` (`x` once it has ended), sealed bytes `b`; of the lease: owner `o`, end `u`, fence `f`; of the
/// intent: digest of the token `i`, fence `n`, time `a`. Times are Redis's own, in milliseconds.
enum RedisScript: String, Sendable, CaseIterable {
    /// ARGV: expected generation, new generation, bytes, life, channel (empty: nobody is told), digest for an intent (empty: none).
    case write = """
        local stored = redis.call('HGET', KEYS[1], 'g') or '0'
        if stored ~= ARGV[1] then return stored end
        redis.call('HSET', KEYS[1], 'g', ARGV[2], 'b', ARGV[3])
        if ARGV[6] ~= '' then
            redis.call('HSET', KEYS[1], 'i', ARGV[6], 'n', '0', 'a', string.format('%.0f', clock()))
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        if ARGV[5] ~= '' then redis.call('PUBLISH', ARGV[5], ARGV[2] .. ' ' .. KEYS[1]) end
        return redis.status_reply('OK')
        """
    /// Gives generation and bytes, both nil if there is no record.
    case take = """
        local record = redis.call('HMGET', KEYS[1], 'g', 'b')
        redis.call('DEL', KEYS[1])
        return record
        """
    /// ARGV: life, channel. Gives generation and bytes as they were, both nil if there was no record.
    case end = """
        local record = redis.call('HMGET', KEYS[1], 'g', 'b')
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'g', 'x')
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        if ARGV[2] ~= '' then redis.call('PUBLISH', ARGV[2], 'x ' .. KEYS[1]) end
        return record
        """
    /// ARGV: owner, life. Gives 'none', or 'held', time left, generation, bytes, or 'granted', fence, generation, bytes,
    /// digest and age of an intent (empty without one).
    case lease = """
        local now = clock()
        local r = redis.call('HMGET', KEYS[1], 'g', 'b', 'o', 'u', 'i', 'a')
        if not r[1] or r[1] == 'x' then return {'none'} end
        if r[3] and r[3] ~= ARGV[1] and tonumber(r[4]) > now then
            return {'held', string.format('%.0f', tonumber(r[4]) - now), r[1], r[2]}
        end
        local fence = redis.call('HINCRBY', KEYS[1], 'f', 1)
        redis.call('HSET', KEYS[1], 'o', ARGV[1], 'u', string.format('%.0f', now + ARGV[2]))
        local age = r[6] and string.format('%.0f', now - tonumber(r[6])) or ''
        return {'granted', string.format('%.0f', fence), r[1], r[2], r[5] or '', age}
        """
    /// ARGV: owner, fence, digest, life. Gives 1, or 0 if the lease was lost.
    case intend = """
        local now = clock()
        local r = redis.call('HMGET', KEYS[1], 'o', 'f', 'u')
        if r[1] ~= ARGV[1] or r[2] ~= ARGV[2] or tonumber(r[3]) <= now then return 0 end
        redis.call('HSET', KEYS[1], 'i', ARGV[3], 'n', ARGV[2], 'a', string.format('%.0f', now),
            'u', string.format('%.0f', now + ARGV[4]))
        return 1
        """
    /// ARGV: owner, fence, expected generation, new generation, bytes, life, channel.
    case commit = """
        local now = clock()
        local r = redis.call('HMGET', KEYS[1], 'g', 'o', 'u', 'n')
        if r[1] ~= ARGV[3] then return 'conflict' end
        if r[2] and r[2] ~= ARGV[1] and tonumber(r[3]) > now and r[4] and r[4] ~= ARGV[2] then return 'fenced' end
        redis.call('HSET', KEYS[1], 'g', ARGV[4], 'b', ARGV[5])
        redis.call('HDEL', KEYS[1], 'o', 'u', 'i', 'n', 'a')
        redis.call('PEXPIRE', KEYS[1], ARGV[6])
        if ARGV[7] ~= '' then redis.call('PUBLISH', ARGV[7], ARGV[4] .. ' ' .. KEYS[1]) end
        return redis.status_reply('OK')
        """
    /// Of a key of its own: random word `m`, and `l`, when somebody missed the one before. It goes where other data goes.
    ///
    /// ARGV: word that the caller knows (empty: none), one to set where there is none, for how long a loss is remembered,
    /// channel (empty: nobody is asked), message. Gives the word, and 1 if there was a loss lately, else 0.
    case mark = """
        local now = clock()
        local r = redis.call('HMGET', KEYS[1], 'm', 'l')
        local function isLate()
            local age = now - tonumber(r[2] or '0')
            return age >= 0 and age < tonumber(ARGV[3])
        end
        if not r[1] then
            r[1] = ARGV[2]
            redis.call('HSET', KEYS[1], 'm', r[1])
        end
        if ARGV[1] ~= '' and ARGV[1] ~= r[1] and not isLate() then
            r[2] = string.format('%.0f', now)
            redis.call('HSET', KEYS[1], 'l', r[2])
        end
        if not isLate() then return {r[1], '0'} end
        if ARGV[4] ~= '' then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
        return {r[1], '1'}
        """
    /// ARGV: owner, fence, whether to keep the intent (1 or 0).
    case release = """
        local r = redis.call('HMGET', KEYS[1], 'o', 'f', 'n')
        if ARGV[3] == '0' and r[3] == ARGV[2] then redis.call('HDEL', KEYS[1], 'i', 'n', 'a') end
        if r[1] == ARGV[1] and r[2] == ARGV[2] then redis.call('HDEL', KEYS[1], 'o', 'u') end
        return redis.status_reply('OK')
        """

    /// Whether a failover that forgets it costs a login, or has a token spent twice.
    var isLasting: Bool {
        switch self {
        case .write, .end, .intend, .commit: true
        case .take, .lease, .release, .mark: false
        }
    }

    /// What Redis is given.
    var text: String { Self.clock + rawValue }

    private static let clock = """
        local function clock()
            local t = redis.call('TIME')
            return t[1] * 1000 + math.floor(t[2] / 1000)
        end

        """

    func command(sha: String?, key: [UInt8], arguments: [[UInt8]]) -> RedisCommand {
        let start = sha.map { ["EVALSHA", $0, "1"] } ?? ["EVAL", text, "1"]
        return RedisCommand(start.map { Array($0.utf8) } + [key] + arguments)
    }
}
