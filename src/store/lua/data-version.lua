-- ARGV: the program's version -> the version found: -1 = no data yet, 0 = from a time without versions. Newer data stays untouched.
local mine = tonumber(ARGV[1])
local found = tonumber(redis.call('GET', P .. 'version') or -1)
if found < 0 and redis.call('EXISTS', P .. 'jobs', P .. 'dests') > 0 then found = 0 end
if found > mine then return found end
if found == 0 then
  -- to 1: dead letters have ids and are bounded, paused destinations are in a set
  redis.call('LTRIM', P .. 'dead', -DEAD_KEPT, -1)
  for at, raw in ipairs(redis.call('LRANGE', P .. 'dead', 0, -1)) do
    local letter = cjson.decode(raw)
    if not letter.id then
      letter.id = redis.call('INCR', P .. 'ids')
      redis.call('LSET', P .. 'dead', at - 1, cjson.encode(letter))
    end
  end
  for _, d in ipairs(redis.call('SMEMBERS', P .. 'dests')) do
    if redis.call('HEXISTS', k_dest(d), 'paused') == 1 then redis.call('SADD', P .. 'paused', d) end
  end
end
if found == 0 or found == 1 then
  -- to 2: journals and facts are written shorter; an archived place is tried again
  for _, d in ipairs(redis.call('SMEMBERS', P .. 'paused')) do
    local v = redis.call('HMGET', k_dest(d), 'paused', 'retryAt')
    if v[1] == 'archived' and not v[2] then
      redis.call('HSET', k_dest(d), 'retryAt', now())
      refresh_dest(d)
    end
  end
end
if found < mine then redis.call('SET', P .. 'version', mine) end
return found
