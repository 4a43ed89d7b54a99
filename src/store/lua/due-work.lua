-- ARGV: destination -> {'nothing'} | {'closed'} | {'notice', now, dest, raw} | {'work', now, dest, job, sub, late or '', length, job fields, epoch, runid}
local d = ARGV[1]
local n = now()
local dest = redis.call('HGETALL', k_dest(d))
if #dest == 0 then
  redis.call('ZREM', P .. 'due', d)
  return { 'nothing' }
end
local v = redis.call('HMGET', k_dest(d), 'paused', 'retryAt', 'notBefore', 'noticesAt')
local held = tonumber(v[3] or 0) > n or (v[1] and (not v[2] or tonumber(v[2]) > n))
if held then
  refresh_dest(d)
  return { 'closed' }
end
if redis.call('HEXISTS', P .. 'platform:' .. platform_of(d), 'paused') == 1 then return { 'closed' } end
while true do
  local j = redis.call('ZRANGEBYSCORE', P .. 'due:' .. d, '-inf', n, 'LIMIT', 0, 1)[1]
  if not j then break end
  local sub = redis.call('HGETALL', k_sub(d, j))
  if #sub > 0 then
    return {
      'work', n, dest, j, sub, redis.call('LINDEX', k_late(d, j), 0) or '', redis.call('LLEN', k_log(j)),
      redis.call('HGETALL', k_job(j)), runid(),
    }
  end
  redis.call('ZREM', P .. 'due:' .. d, j)
end
local notice = redis.call('LINDEX', k_notices(d), 0)
if notice and tonumber(v[4] or 0) <= n then return { 'notice', n, dest, notice } end
refresh_dest(d)
return { 'nothing' }
