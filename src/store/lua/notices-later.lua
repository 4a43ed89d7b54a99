-- ARGV: destination, in (ms), whole destination
local d, n = ARGV[1], now()
local field = ARGV[3] == '1' and 'notBefore' or 'noticesAt'
redis.call('HSET', k_dest(d), field, math.max(tonumber(redis.call('HGET', k_dest(d), field) or 0), n + tonumber(ARGV[2])))
refresh_dest(d)
