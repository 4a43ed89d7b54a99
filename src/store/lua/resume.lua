-- ARGV: destination, only this reason or ''
local d, only = ARGV[1], ARGV[2]
if only == '' or redis.call('HGET', k_dest(d), 'paused') == only then end_pause(d) end
