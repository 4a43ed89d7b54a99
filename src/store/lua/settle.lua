-- ARGV: destination, job, gen, tok, intent, ref, address, adopted, retry, lookup -> 'ok' | 'refused' | 'gone'. The outcome "delivered".
local d, j, gen, tok, I, ref, address = ARGV[1], ARGV[2], ARGV[3], ARGV[4], cjson.decode(ARGV[5]), ARGV[6], ARGV[7]
local adopted, retry, lookup = ARGV[8] == '1', ARGV[9] == '1', ARGV[10] == '1'
if not has_gen(d, j, gen) then return 'gone' end
local s = k_sub(d, j)
if redis.call('HGET', s, 'intentTok') ~= tok then
  local deletes = not lookup and I.kind ~= 'edit'
  -- where the platform can be asked, the check asks: a ref could be of the one copy that another worker adopted
  if not (retry and deletes) then push_late(d, j, I.kind, I.keys, lookup and '' or ref) end
  refresh(d, j)
  return 'refused'
end
local n = now()
local sentAt = tonumber(redis.call('HGET', s, 'intentAt'))
local newer = I.f ~= tonumber(redis.call('HGET', k_job(j), 'f') or 0)
if I.kind == 'root' then redis.call('HSET', s, 'root', ref, 'shown', (adopted or newer) and -1 or I.v, 'editedAt', n) end
if I.kind == 'edit' then redis.call('HSET', s, 'shown', newer and -1 or I.v, 'editedAt', n) end
if I.kind == 'post' then redis.call('HSET', s, 'cursor', I.to) end
if I.summary > 0 then redis.call('HSET', s, 'announced', I.v) end
redis.call('HSET', s, 'deliveredAt', n)
forget_intent(d, j)
if I.attempt > 1 and (lookup or I.kind == 'edit') then push_late(d, j, I.kind, I.keys, '') end
if not adopted then
  -- a send that was under way while the place was given another id brings the old one
  if cjson.decode(address).id == cjson.decode(redis.call('HGET', k_dest(d), 'address')).id then redis.call('HSET', k_dest(d), 'address', address) end
  -- what was sent before the place was lost says nothing of its return
  local pause = redis.call('HMGET', k_dest(d), 'retryAt', 'since')
  if pause[1] and sentAt >= tonumber(pause[2] or 0) then end_pause(d) end
end
refresh(d, j)
return 'ok'
