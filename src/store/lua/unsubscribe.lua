-- ARGV: destination, job -> 'none' | 'done' | 'onItsWay'. The root gets a last edit, best effort.
local d, j = ARGV[1], ARGV[2]
local LAST = 500
local v = redis.call('HMGET', k_sub(d, j), 'gen', 'intentTok', 'root')
if not v[1] then return 'none' end
local facts = redis.call('HGET', k_job(j), 'facts')
-- what the root showed last: with the last follower the journal goes
local log = redis.call('LRANGE', k_log(j), -LAST, -1)
drop(d, j)
if v[3] and v[3] ~= '' then
  push_notice(d, { kind = 'farewell', subject = j, since = now(), root = v[3], gen = v[1], facts = facts or '', log = log })
end
refresh_dest(d)
return v[2] and 'onItsWay' or 'done'
