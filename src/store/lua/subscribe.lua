-- ARGV: destination, job, gen, preset, epoch, by, owner, notify, who asks or '' -> 'new' | 'kept', preset before. The past ends here: cursor = journal length.
local d, j, gen, preset, epoch, by, owner, notify, asks = unpack(ARGV)
local s = k_sub(d, j)
local before = redis.call('HGET', s, 'preset')
if before then
  redis.call('HSET', s, 'preset', preset)
  if notify ~= '' then redis.call('HSET', s, 'notify', notify) end
  if before ~= preset or notify ~= '' then note(asks, 'change', d, j, preset) end
  refresh(d, j)
  return { 'kept', before }
end
local n = now()
if redis.call('EXISTS', k_job(j)) == 0 then
  redis.call('HSET', k_job(j), 'epoch', epoch, 'safe', 0, 'f', 0)
  redis.call('SADD', P .. 'jobs', j)
  redis.call('ZADD', P .. 'index', 0, 'i:' .. j)
  redis.call('ZADD', P .. 'polls', n, j)
end
-- a journal that another place still holds after the end: one more look, and it ends again
if redis.call('HDEL', k_job(j), 'ended') == 1 then redis.call('ZADD', P .. 'polls', n, j) end
local len = redis.call('LLEN', k_log(j))
redis.call('HSET', s, 'gen', gen, 'preset', preset, 'cursor', len, 'start', len, 'shown', -1, 'run', runid(), 'createdAt', n, 'by', by, 'owner', owner)
if notify ~= '' then redis.call('HSET', s, 'notify', notify) end
redis.call('SADD', P .. 'followers:' .. j, d)
redis.call('SADD', P .. 'follows:' .. d, j)
note(asks, 'subscribe', d, j, preset)
refresh(d, j)
return { 'new', '' }
