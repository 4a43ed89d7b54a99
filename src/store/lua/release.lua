-- ARGV: destination, job, gen, tok, notBefore in (ms), editNotBefore in (ms), pause reason or '', retry, rootGone, ripeEdit. The outcomes "surely not done".
local d, j, gen, tok = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local holdIn, editIn, reason, retry, rootGone, ripeEdit = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7], ARGV[8] == '1', ARGV[9] == '1', ARGV[10] == '1'
local s = k_sub(d, j)
local n = now()
if holdIn > 0 and redis.call('EXISTS', k_dest(d)) == 1 then
  redis.call('HSET', k_dest(d), 'notBefore', math.max(tonumber(redis.call('HGET', k_dest(d), 'notBefore') or 0), n + holdIn))
end
if has_gen(d, j, gen) then
  local v = redis.call('HMGET', s, 'intentTok', 'intent', 'root', 'editNotBefore')
  if editIn > 0 then redis.call('HSET', s, 'editNotBefore', math.max(tonumber(v[4] or 0), n + editIn)) end
  if v[1] == tok then
    local I = cjson.decode(v[2])
    if reason ~= '' then pause(d, reason, retry, true) end
    if I.attempt <= 1 or rootGone then
      forget_intent(d, j)
      if ripeEdit then push_late(d, j, 'edit', {}, '') end
      if rootGone and v[3] == I.root then
        redis.call('HDEL', s, 'root')
        redis.call('HSET', s, 'shown', -1, 'run', '')
      end
    end
  end
end
refresh(d, j)
