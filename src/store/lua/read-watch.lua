-- ARGV: job -> {} or {runid, followers, demand, log, covered, just moved, missed, watches, late (ms) or '', swept at, field, value, ...}. Read before upstream is asked.
local j = ARGV[1]
local job = redis.call('HGETALL', k_job(j))
if #job == 0 then return {} end
local n = now()
local s = redis.call('HMGET', k_sweep(project_of(j)), 'sweptAt', 'every', 'censusDone', 'missed')
local due = tonumber(redis.call('ZSCORE', P .. 'polls', j) or nil)
local v = redis.call('HMGET', k_job(j), 'listedAt', 'movedAt')
local listed = v[1] and tonumber(v[1]) >= tonumber(s[3] or 0)
local covered = listed and sweep_works(n, tonumber(s[1] or nil), tonumber(s[2] or 0))
return {
  runid(), redis.call('SCARD', P .. 'followers:' .. j), redis.call('GET', P .. 'demand') or '0', redis.call('LRANGE', k_log(j), 0, -1),
  covered and '1' or '0', v[2] and n - tonumber(v[2]) < 60000 and '1' or '0', s[4] or '0', redis.call('SCARD', P .. 'jobs'),
  due and n - due or '', s[1] or '0', job,
}
