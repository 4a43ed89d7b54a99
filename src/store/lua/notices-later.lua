-- ARGV: destination, in (ms), whole destination
local d, n = ARGV[1], now()
redis.call('HSET', k_dest(d), ARGV[3] == '1' and 'notBefore' or 'noticesAt', n + tonumber(ARGV[2]))
refresh_dest(d)
