-- ARGV: destination, job, gen, tok, intent, reason. The platform will never take it: a dead letter, and on.
local d, j, gen, tok, I, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4], cjson.decode(ARGV[5]), ARGV[6]
if not has_gen(d, j, gen) then return end
local s = k_sub(d, j)
if redis.call('HGET', s, 'intentTok') == tok then
  local n = now()
  local id = redis.call('INCR', P .. 'ids')
  redis.call('RPUSH', P .. 'dead', cjson.encode({ id = id, destination = d, job = j, gen = gen, kind = I.kind, keys = I.keys, reason = reason, at = n }))
  redis.call('LTRIM', P .. 'dead', -DEAD_KEPT, -1)
  if I.kind == 'post' then redis.call('HSET', s, 'cursor', I.to) end
  if I.kind == 'edit' then redis.call('HSET', s, 'shown', I.v, 'editedAt', n) end
  -- an empty root: posts stand alone, and the next entry tries a card again
  if I.kind == 'root' then redis.call('HSET', s, 'root', '', 'shown', I.v, 'editedAt', n) end
  forget_intent(d, j)
end
refresh(d, j)
