-- ARGV: destination, job, other destination, gen, by or '' -> 'moved' | 'none' | 'busy' | 'taken'. Same cursor, a life and a root of its own.
local d, j, to, gen, by = unpack(ARGV)
local sub = redis.call('HGETALL', k_sub(d, j))
if #sub == 0 or redis.call('EXISTS', k_dest(to)) == 0 then return 'none' end
if redis.call('HEXISTS', k_sub(d, j), 'intentTok') == 1 then return 'busy' end
if redis.call('EXISTS', k_sub(to, j)) == 1 then return 'taken' end
redis.call('HSET', k_sub(to, j), unpack(sub))
redis.call('HDEL', k_sub(to, j), 'root', 'editedAt', 'editNotBefore')
redis.call('HSET', k_sub(to, j), 'gen', gen, 'shown', -1, 'run', runid())
redis.call('SADD', P .. 'followers:' .. j, to)
redis.call('SADD', P .. 'follows:' .. to, j)
local last = farewell(d, j)
drop(d, j)
if last then push_notice(d, last) end
note(by, 'move', d, j, to)
refresh_dest(d)
refresh(to, j)
return 'moved'
