-- ARGV: destination, job, for (ms; 0 ends it), by or '' -> until, or -1 when not followed. Ending what is not muted is no change, so the trail has no line of it.
local d, j, forMs = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('EXISTS', k_sub(d, j)) == 0 then return -1 end
local wasMuted = tonumber(redis.call('HGET', k_sub(d, j), 'mutedUntil') or 0) > now()
local till = forMs > 0 and now() + forMs or 0
redis.call('HSET', k_sub(d, j), 'mutedUntil', till)
if forMs > 0 or wasMuted then note(ARGV[4], forMs > 0 and 'mute' or 'unmute', d, j, forMs > 0 and tostring(till) or '') end
refresh(d, j)
return till
