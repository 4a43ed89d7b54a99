-- ARGV: destination, job, gen, tok or '', raw late check or '', in (ms). What could not be found out now is asked again later; nothing else here waits for it.
local d, j, gen, tok, raw, ms = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
if not has_gen(d, j, gen) then return end
local n = now()
if tok ~= '' and redis.call('HGET', k_sub(d, j), 'intentTok') == tok then redis.call('HSET', k_sub(d, j), 'intentAt', n + ms - W) end
if raw ~= '' and redis.call('LINDEX', k_late(d, j), 0) == raw then
  local item = cjson.decode(raw)
  item.since = item.since or item.at
  redis.call('LPOP', k_late(d, j))
  -- what can't be looked at for so long is left as it is
  if n - item.since < GIVE_UP then
    item.at = n + ms
    redis.call('LPUSH', k_late(d, j), cjson.encode(item))
  end
end
refresh(d, j)
