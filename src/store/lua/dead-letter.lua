-- ARGV: id, replay, token, by or '' -> 'done' | 'none' | 'gone' (nobody follows any more) | 'busy' (a message is on its way)
-- A post comes back as an open intent that is ripe and moves no cursor: deliver asks the platform whether it is there, and sends what is not.
local id, replay, tok, by = ARGV[1], ARGV[2] == '1', ARGV[3], ARGV[4]
for _, raw in ipairs(redis.call('LRANGE', P .. 'dead', 0, -1)) do
  local letter = cjson.decode(raw)
  if tostring(letter.id) == id then
    local d, j = letter.destination, letter.job
    local s = k_sub(d, j)
    if replay then
      if not has_gen(d, j, letter.gen) then return 'gone' end
      if redis.call('HEXISTS', s, 'intentTok') == 1 then return 'busy' end
      local v = redis.call('HMGET', s, 'cursor', 'root')
      local job = redis.call('HMGET', k_job(j), 'base', 'f')
      local at = math.max(tonumber(v[1]), tonumber(job[1] or 0))
      if letter.kind == 'root' or letter.kind == 'edit' then
        -- a card that stands by now is drawn anew: another beside it would be one too many
        if v[2] == '' then redis.call('HDEL', s, 'root') end
        redis.call('HSET', s, 'shown', -1)
      else
        local I = { kind = 'post', from = at, to = at, keys = letter.keys, summary = 0, v = redis.call('LLEN', k_log(j)), f = tonumber(job[2] or 0),
          root = v[2] or cjson.null, attempt = 1, looked = '' }
        redis.call('HSET', s, 'intent', cjson.encode(I), 'intentTok', tok, 'intentAt', now() - W)
      end
    end
    redis.call('LREM', P .. 'dead', 1, raw)
    note(by, replay and 'replay' or 'drop', d, j, id)
    refresh(d, j)
    return 'done'
  end
end
return 'none'
