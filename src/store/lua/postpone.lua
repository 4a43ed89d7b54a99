-- ARGV: job, next poll in (ms), every (ms; 0 = as before). After a poll that read nothing.
local j, every = ARGV[1], tonumber(ARGV[3])
local v = redis.call('HMGET', k_job(j), 'epoch', 'every')
if not v[1] then return end
if every > 0 then ask_every(j, every, v[2]) end
redis.call('ZADD', P .. 'polls', 'XX', now() + tonumber(ARGV[2]), j)
