-- ARGV: job -> {} or {runid, followers, demand, log, field, value, ...}. Read before upstream is asked.
local j = ARGV[1]
local job = redis.call('HGETALL', k_job(j))
if #job == 0 then return {} end
return { runid(), redis.call('SCARD', P .. 'followers:' .. j), redis.call('GET', P .. 'demand') or '0', redis.call('LRANGE', k_log(j), 0, -1), job }
