/**
 * Lua that Redis runs as one step. Each limit has two keys: a hash (`spent`, `reserved`, `by:` an installation, `r:` a
 * reservation) and a sorted set of its reservations by the time they lapse. Amounts are whole nanodollars.
 */

/**
 * KEYS: hash and set of each limit. ARGV: id (empty = look only), lease in ms, amount, installation, then for each limit what
 * it allows (-1 = it does not refuse) and when its keys go (ms since 1970). Lapsed reservations are released first: those of
 * a machine that crashed. Answers the place of the first limit that refuses, 0 for none, and of each limit what is spent,
 * reserved and spent by this installation.
 */
export const reserveScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local id, lease, amount, by = ARGV[1], tonumber(ARGV[2]), ARGV[3], 'by:' .. ARGV[4]
local limits = #KEYS / 2
local refusing = 0
for i = 1, limits do
  local hash, set = KEYS[2 * i - 1], KEYS[2 * i]
  for _, lapsed in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now)) do
    local held = redis.call('HGET', hash, 'r:' .. lapsed)
    if held then
      if held ~= '0' then redis.call('HINCRBY', hash, 'reserved', '-' .. held) end
      redis.call('HDEL', hash, 'r:' .. lapsed)
    end
    redis.call('ZREM', set, lapsed)
  end
  local spent = tonumber(redis.call('HGET', hash, 'spent') or '0')
  local reserved = tonumber(redis.call('HGET', hash, 'reserved') or '0')
  local allowed = tonumber(ARGV[3 + 2 * i])
  if refusing == 0 and allowed >= 0 and spent + reserved + tonumber(amount) > allowed then refusing = i end
end
local answer = { refusing }
for i = 1, limits do
  local hash, set = KEYS[2 * i - 1], KEYS[2 * i]
  if refusing == 0 and id ~= '' then
    redis.call('HINCRBY', hash, 'reserved', amount)
    redis.call('HSET', hash, 'r:' .. id, amount)
    redis.call('ZADD', set, now + lease, id)
    redis.call('PEXPIREAT', hash, ARGV[4 + 2 * i])
    redis.call('PEXPIREAT', set, ARGV[4 + 2 * i])
  end
  local figures = redis.call('HMGET', hash, 'spent', 'reserved', by)
  for place = 1, 3 do answer[#answer + 1] = figures[place] or '0' end
end
return answer
`;

/**
 * KEYS: a mark that this was done, then as above. ARGV: id, amount spent, installation, how long the mark stays, then for each
 * limit when its keys go. Done twice, it counts once.
 */
export const settleScript = `
local id, amount, by = ARGV[1], ARGV[2], 'by:' .. ARGV[3]
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[4]) then return 0 end
for i = 1, (#KEYS - 1) / 2 do
  local hash, set = KEYS[2 * i], KEYS[2 * i + 1]
  local held = redis.call('HGET', hash, 'r:' .. id)
  if held then
    if held ~= '0' then redis.call('HINCRBY', hash, 'reserved', '-' .. held) end
    redis.call('HDEL', hash, 'r:' .. id)
    redis.call('ZREM', set, id)
  end
  if amount ~= '0' then
    redis.call('HINCRBY', hash, 'spent', amount)
    redis.call('HINCRBY', hash, by, amount)
    redis.call('PEXPIREAT', hash, ARGV[4 + i])
  end
end
return 1
`;

/** KEYS: sets. ARGV: lease in ms, then an id for each. A reservation that has lapsed stays released. */
export const renewScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #KEYS do redis.call('ZADD', KEYS[i], 'XX', now + tonumber(ARGV[1]), ARGV[i + 1]) end
return #KEYS
`;
