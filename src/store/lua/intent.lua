-- ARGV: destination, job, gen, prevTok, tok, intent, durable -> {kind, look, runid}. Opens or takes over the one intent of a subscription.
local d, j, gen, prevTok, tok, raw, durable = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'
if not has_gen(d, j, gen) then return { 'gone' } end
local I = cjson.decode(raw)
local n = now()
local current = runid()

local function wait() refresh(d, j) return { 'wait' } end
if not durable then
  -- what the last Redis started lands before this one begins
  local seen = redis.call('HMGET', P .. 'run', 'id', 'since')
  local since = tonumber(seen[2] or 0)
  if seen[1] ~= current then
    since = seen[1] and n or 0
    redis.call('HSET', P .. 'run', 'id', current, 'since', since)
  end
  if n < since + W then
    local notBefore = tonumber(redis.call('HGET', k_dest(d), 'notBefore') or 0)
    redis.call('HSET', k_dest(d), 'notBefore', math.max(notBefore, since + W))
    return wait()
  end
end
local dest = redis.call('HMGET', k_dest(d), 'notBefore', 'paused', 'retryAt')
if tonumber(dest[1] or 0) > n then return wait() end
if dest[2] and (not dest[3] or tonumber(dest[3]) > n) then return wait() end
if redis.call('HEXISTS', P .. 'platform:' .. platform_of(d), 'paused') == 1 then return wait() end
local v = redis.call('HMGET', k_sub(d, j), 'cursor', 'root', 'mutedUntil', 'intentTok', 'run')
if I.kind == 'post' and prevTok == '' and tonumber(v[3] or 0) > n then return wait() end
if (v[4] or '') ~= prevTok then return { 'taken' } end
local job = redis.call('HMGET', k_job(j), 'base', 'run', 'safe')
if I.kind == 'post' and math.max(tonumber(v[1]), tonumber(job[1] or 0)) ~= I.from then return { 'moved' } end
if I.kind == 'root' and v[2] and v[2] ~= '' then return { 'moved' } end
if I.kind == 'edit' and v[2] ~= I.root then return { 'moved' } end

redis.call('HSET', k_sub(d, j), 'intent', raw, 'intentTok', tok, 'intentAt', n)
refresh(d, j)
local look = false
if not durable and I.looked ~= current then
  if I.kind == 'root' then look = v[5] ~= current end
  if I.kind == 'post' then look = job[2] ~= current or I.from < tonumber(job[3] or 0) end
end
return { 'ok', look and '1' or '0', current }
