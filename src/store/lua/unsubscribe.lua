-- ARGV: destination, job, by or '' -> 'none' | 'done' | 'onItsWay'
local d, j, by = ARGV[1], ARGV[2], ARGV[3]
local v = redis.call('HMGET', k_sub(d, j), 'gen', 'intentTok')
if not v[1] then return 'none' end
local last = farewell(d, j)
drop(d, j)
if last then push_notice(d, last) end
note(by, 'unsubscribe', d, j)
refresh_dest(d)
return v[2] and 'onItsWay' or 'done'
