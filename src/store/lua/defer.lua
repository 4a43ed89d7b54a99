-- ARGV: destination, job, in (ms). A subscription whose step failed lets the others go first; its next change brings it back at once.
local d, j = ARGV[1], ARGV[2]
redis.call('ZADD', P .. 'due:' .. d, 'XX', now() + tonumber(ARGV[3]), j)
refresh_dest(d)
