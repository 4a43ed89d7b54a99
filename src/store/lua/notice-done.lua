-- ARGV: destination, raw notice, delivered
local d = ARGV[1]
redis.call('LREM', k_notices(d), 1, ARGV[2])
if ARGV[3] == '1' and redis.call('HEXISTS', k_dest(d), 'retryAt') == 1 then end_pause(d) end
refresh_dest(d)
