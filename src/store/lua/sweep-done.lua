-- ARGV: project, started at, largest update time (ms) or '', every (ms), grace (ms) -> jobs in which the safety net found what the list has not shown
local p, started, largest, every, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local n = now()
if redis.call('EXISTS', k_seen(p) .. ':new') == 1 then redis.call('RENAME', k_seen(p) .. ':new', k_seen(p)) else redis.call('DEL', k_seen(p)) end
local since = tonumber(redis.call('HGET', k_sweep(p), 'since') or nil)
if largest and (not since or largest > since) then redis.call('HSET', k_sweep(p), 'since', string.format('%.0f', largest)) end
redis.call('HSET', k_sweep(p), 'sweptAt', n, 'every', every, 'dueAt', math.max(n, started + every))
local missed = 0
for _, j in ipairs(redis.call('ZRANGEBYSCORE', k_doubts(p), '-inf', started - grace)) do
  redis.call('ZREM', k_doubts(p), j)
  if redis.call('EXISTS', k_job(j)) == 1 then
    judge(p, true)
    missed = missed + 1
  end
end
return missed
