-- ARGV: destination, job, for (ms; 0 ends it), by or '' -> until, or -1 when not followed
local d, j, forMs = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('EXISTS', k_sub(d, j)) == 0 then return -1 end
local till = forMs > 0 and now() + forMs or 0
redis.call('HSET', k_sub(d, j), 'mutedUntil', till)
note(ARGV[4], forMs > 0 and 'mute' or 'unmute', d, j, forMs > 0 and tostring(till) or '')
refresh(d, j)
return till
