-- ARGV: limit -> what stands where, in JSON. Only reads, and its cost is bounded: `limit` destinations that are due and as many that are paused, 50 jobs of each.
local n, limit, JOBS = now(), tonumber(ARGV[1]), 50
-- lag: what could be told now; oldest: what anybody waits for, unreachable places included
local lagEntries, lagSince, oldest = 0, n, n

local function look(d, reachable)
  for _, j in ipairs(redis.call('ZRANGE', P .. 'due:' .. d, 0, JOBS - 1)) do
    local v = redis.call('HMGET', k_sub(d, j), 'cursor', 'mutedUntil', 'createdAt')
    local base = redis.call('HGET', k_job(j), 'base')
    if v[1] and base and tonumber(v[2] or 0) <= n then
      local at, len = math.max(tonumber(v[1]), tonumber(base)), redis.call('LLEN', k_log(j))
      if at < len then
        local time = tonumber(cjson.decode(redis.call('LINDEX', k_log(j), at)).t or 0)
        if time < 1e11 then time = time * 1000 end
        -- an entry that came with the first sight, or without a time, is as old as the subscription
        local since = math.min(n, math.max(time, tonumber(v[3] or 0)))
        oldest = math.min(oldest, since)
        if reachable then
          lagEntries = lagEntries + len - at
          lagSince = math.min(lagSince, since)
        end
      end
    end
  end
end

local platforms, paused, seen = {}, {}, {}
for _, d in ipairs(redis.call('SRANDMEMBER', P .. 'paused', limit)) do
  seen[d] = true
  local reason = redis.call('HGET', k_dest(d), 'paused')
  if reason then
    local key = platform_of(d) .. '|' .. reason
    local sum = paused[key] or { 0, 0 }
    paused[key] = { sum[1] + 1, sum[2] + redis.call('SCARD', P .. 'follows:' .. d) }
    if reason ~= 'person' then look(d, false) end
  end
end
for _, d in ipairs(redis.call('ZRANGE', P .. 'due', 0, limit - 1)) do
  local p = platform_of(d)
  if platforms[p] == nil then platforms[p] = redis.call('HGET', P .. 'platform:' .. p, 'paused') or '' end
  if not seen[d] then look(d, platforms[p] == '') end
end
local shut = {}
for p, reason in pairs(platforms) do
  if reason ~= '' then shut[p] = reason end
end
local late = redis.call('ZRANGEBYSCORE', P .. 'polls', '-inf', n, 'WITHSCORES', 'LIMIT', 0, 1)
local budget = redis.call('HMGET', P .. 'budget', 'pace', 'at')
return cjson.encode({
  now = n,
  jobs = redis.call('SCARD', P .. 'jobs'),
  destinations = redis.call('SCARD', P .. 'dests'),
  due = redis.call('ZCOUNT', P .. 'due', '-inf', n),
  lagEntries = lagEntries,
  lagMs = n - lagSince,
  oldestMs = n - oldest,
  paused = paused,
  platforms = shut,
  pollLagMs = late[2] and n - tonumber(late[2]) or 0,
  letters = redis.call('LLEN', P .. 'dead'),
  demand = tonumber(redis.call('GET', P .. 'demand') or 0),
  pace = tonumber(budget[1] or 1),
  paceAt = tonumber(budget[2] or n),
  queued = redis.call('ZCARD', P .. 'budget:queue'),
  gate = redis.call('HEXISTS', P .. 'gate', 'since'),
})
