-- Shared by every script that touches a subscription or a destination. P, now() and runid() come from the prelude;
-- W, LATE and GAP (ms) from domain/timing.ts. PROTOCOL names are kept.

-- What a bounded list holds; the oldest leave it. LAST_SHOWN: journal entries that a card can still use.
local AUDIT_KEPT, DEAD_KEPT, LAST_SHOWN = 2000, 1000, 500

local function k_sub(d, j) return P .. 'sub:' .. d .. '|' .. j end
local function k_late(d, j) return P .. 'late:' .. d .. '|' .. j end
local function k_job(j) return P .. 'job:' .. j end
local function k_log(j) return P .. 'log:' .. j end
local function k_dest(d) return P .. 'dest:' .. d end
local function k_notices(d) return P .. 'notices:' .. d end

-- The sweep of a project's job list (domain/sweep.ts): its state, the marks of the rows in the latest window, and what the safety net found.
local function project_of(j) return string.match(j, '^[^/]+') end
local function k_net(p) return P .. 'sweep:net:' .. p end
local function k_sweep(project) return P .. 'sweep:' .. project end
local function k_seen(project) return P .. 'sweep:seen:' .. project end
local function k_doubts(project) return P .. 'sweep:doubts:' .. project end

-- A sweep that has not ended well for so long covers nothing.
local function sweep_works(n, swept_at, every)
  return swept_at ~= nil and n - swept_at <= math.max(60000, 5 * every)
end

-- The share of entries that the sweep missed: of the latest twenty or so.
local function judge(project, missed)
  local share = tonumber(redis.call('HGET', k_sweep(project), 'missed') or 0)
  redis.call('HSET', k_sweep(project), 'missed', share + ((missed and 1 or 0) - share) * 0.05)
end

local function lower(a, b) if a == nil or b < a then return b end return a end

local function platform_of(d) return string.match(d, '^[^.]+') end

-- When a destination next needs a worker: derived from its subscriptions, its notices and what holds it back.
local function refresh_dest(d)
  local n = now()
  local t = nil
  local low = redis.call('ZRANGE', P .. 'due:' .. d, 0, 0, 'WITHSCORES')
  if low[2] then t = tonumber(low[2]) end
  local v = redis.call('HMGET', k_dest(d), 'paused', 'retryAt', 'notBefore', 'noticesAt')
  if redis.call('EXISTS', k_notices(d)) == 1 then t = lower(t, math.max(n, tonumber(v[4] or 0))) end
  if t then
    t = math.max(t, tonumber(v[3] or 0))
    if v[1] then
      if v[2] then t = math.max(t, tonumber(v[2])) else t = nil end
    end
  end
  if t then redis.call('ZADD', P .. 'due', t, d) else redis.call('ZREM', P .. 'due', d) end
end

-- The journal goes with its last follower.
local function drop(d, j)
  redis.call('DEL', k_sub(d, j), k_late(d, j))
  redis.call('ZREM', P .. 'due:' .. d, j)
  redis.call('SREM', P .. 'followers:' .. j, d)
  redis.call('SREM', P .. 'follows:' .. d, j)
  if redis.call('SCARD', P .. 'followers:' .. j) == 0 then
    local v = redis.call('HMGET', k_job(j), 'every', 'name')
    if v[1] then redis.call('INCRBYFLOAT', P .. 'demand', -1000 / tonumber(v[1])) end
    if v[2] then redis.call('ZREM', P .. 'index', v[2]) end
    redis.call('ZREM', P .. 'index', 'i:' .. j)
    redis.call('DEL', k_job(j), k_log(j))
    redis.call('SREM', P .. 'jobs', j)
    redis.call('ZREM', P .. 'polls', j)
    redis.call('ZREM', k_net(project_of(j)), j)
    if redis.call('SCARD', P .. 'jobs') == 0 then redis.call('DEL', P .. 'demand') end
  end
end

-- How often a watch wishes to be polled (ms), and what all watches together ask of the budget.
local function ask_every(j, every, before)
  redis.call('INCRBYFLOAT', P .. 'demand', 1000 / every - (before and 1000 / tonumber(before) or 0))
  redis.call('HSET', k_job(j), 'every', every)
end

-- The trail of changes. by: who asked, as JSON; nil or '' = nobody did, and nothing is noted.
-- A DM is called what its person is called: the trail, which outlives it, has no name of it.
local function note(by, what, d, j, detail)
  if not by or by == '' then return end
  local line = { at = now(), what = what, destination = d or '', job = j or '', place = '', detail = detail or '' }
  if d then
    local v = redis.call('HMGET', k_dest(d), 'name', 'dm')
    if v[2] ~= '1' then line.place = v[1] or '' end
  end
  redis.call('LPUSH', P .. 'audit', '{"by":' .. by .. ',' .. string.sub(cjson.encode(line), 2))
  redis.call('LTRIM', P .. 'audit', 0, AUDIT_KEPT - 1)
end

-- Who ends a subscription when its job is completed and all of it is told.
local ITSELF = '{"platform":"","id":"","name":"voicejob"}'

-- When one subscription next needs a worker. Every script that changes a subscription ends with this.
local function refresh(d, j)
  local v = redis.call('HMGET', k_sub(d, j), 'gen', 'cursor', 'root', 'shown', 'editedAt', 'editNotBefore', 'mutedUntil', 'intentAt')
  if v[1] then
    local n = now()
    local t = nil
    if v[8] then
      t = tonumber(v[8]) + W
    else
      local first = redis.call('LINDEX', k_late(d, j), 0)
      if first then t = tonumber(cjson.decode(first).at) end
      local base = redis.call('HGET', k_job(j), 'base')
      if base then
        local len = redis.call('LLEN', k_log(j))
        if not v[3] then
          t = lower(t, n)
        else
          if math.max(tonumber(v[2]), tonumber(base)) < len then t = lower(t, math.max(n, tonumber(v[7] or 0))) end
          if tonumber(v[4]) < len then t = lower(t, math.max(n, tonumber(v[5] or 0) + GAP, tonumber(v[6] or 0))) end
        end
      end
    end
    if t then
      redis.call('ZADD', P .. 'due:' .. d, t, j)
    else
      redis.call('ZREM', P .. 'due:' .. d, j)
      if redis.call('HGET', k_job(j), 'ended') then
        note(ITSELF, 'end', d, j, 'job completed')
        drop(d, j)
      end
    end
  else
    redis.call('ZREM', P .. 'due:' .. d, j)
  end
  refresh_dest(d)
end

-- The root's last edit, best effort. Called before the drop: with the last follower the journal goes.
local function farewell(d, j)
  local v = redis.call('HMGET', k_sub(d, j), 'gen', 'root')
  if not v[2] or v[2] == '' then return nil end
  return { kind = 'farewell', subject = j, since = now(), root = v[2], gen = v[1],
    facts = redis.call('HGET', k_job(j), 'facts') or '', log = redis.call('LRANGE', k_log(j), -LAST_SHOWN, -1) }
end

local function has_gen(d, j, gen) return redis.call('HGET', k_sub(d, j), 'gen') == gen end

-- A message to look at again, LATE from now.
local function push_late(d, j, kind, keys, ref)
  local id = redis.call('INCR', P .. 'ids')
  local item = { at = now() + LATE, kind = kind, keys = keys, id = id }
  if ref ~= '' then item.ref = ref end
  redis.call('RPUSH', k_late(d, j), cjson.encode(item))
end

local function forget_intent(d, j) redis.call('HDEL', k_sub(d, j), 'intent', 'intentTok', 'intentAt') end

-- Notices are told at least once, and kept once for each (kind, subject, since).
local function push_notice(d, notice)
  if redis.call('EXISTS', k_dest(d)) == 0 then return end
  for _, raw in ipairs(redis.call('LRANGE', k_notices(d), 0, -1)) do
    local old = cjson.decode(raw)
    if old.kind == notice.kind and old.subject == notice.subject and old.since == notice.since then return end
  end
  redis.call('RPUSH', k_notices(d), cjson.encode(notice))
  refresh_dest(d)
end

-- Nothing will be tried there for now.
local function is_out_of_reach(d)
  local v = redis.call('HMGET', k_dest(d), 'paused', 'retryAt')
  return v[1] and (not v[2] or tonumber(v[2]) > now())
end

-- Who should hear of a destination's trouble: the owners of its subscriptions in the order they came, then the admins.
local function hearers(d)
  local owners = {}
  for _, j in ipairs(redis.call('SMEMBERS', P .. 'follows:' .. d)) do
    local v = redis.call('HMGET', k_sub(d, j), 'owner', 'createdAt')
    if v[1] and v[1] ~= '' then owners[#owners + 1] = { v[1], tonumber(v[2] or 0) } end
  end
  table.sort(owners, function(a, b) return a[2] < b[2] or (a[2] == b[2] and a[1] < b[1]) end)
  local result = {}
  for _, owner in ipairs(owners) do result[#result + 1] = owner[1] end
  for _, admin in ipairs(redis.call('HVALS', P .. 'admins')) do result[#result + 1] = admin end
  return result
end

-- To the first who can be reached; where nobody can, it waits with the first of them. False: there is nobody at all.
local function tell_owner(d, notice, except)
  local first = nil
  for _, hearer in ipairs(hearers(d)) do
    if hearer ~= d and hearer ~= except and redis.call('EXISTS', k_dest(hearer)) == 1 then
      first = first or hearer
      if not is_out_of_reach(hearer) then
        push_notice(hearer, notice)
        return true
      end
    end
  end
  if first then push_notice(first, notice) end
  return first ~= nil
end

-- by the platform (dead) or a person; a pause without retryAt is never replaced by a dead outcome
local function pause(d, reason, retry, dead)
  local v = redis.call('HMGET', k_dest(d), 'paused', 'retryAt', 'since', 'name', 'platform')
  if not v[5] then return end
  if dead and v[1] and not v[2] then return end
  local n = now()
  local since = v[1] and tonumber(v[3]) or n
  -- a try while it is archived may die of something else: the platform tells of its return by this name
  if dead and v[1] == 'archived' then reason = 'archived' end
  redis.call('HSET', k_dest(d), 'paused', reason, 'since', since)
  redis.call('SADD', P .. 'paused', d)
  if retry then
    -- what is told twice is no second try
    local retryAt = v[2] and tonumber(v[2]) > n and tonumber(v[2]) or n + (v[1] and 86400000 or 3600000)
    redis.call('HSET', k_dest(d), 'retryAt', retryAt)
  else
    redis.call('HDEL', k_dest(d), 'retryAt')
  end
  if dead and not v[1] then tell_owner(d, { kind = 'paused', subject = d, since = since, place = v[4] or '', reason = reason }) end
  if dead then
    -- what this destination should have passed on to a person goes to the next one
    for _, raw in ipairs(redis.call('LRANGE', k_notices(d), 0, -1)) do
      local notice = cjson.decode(raw)
      if notice.kind == 'paused' and tell_owner(notice.subject, notice, d) then redis.call('LREM', k_notices(d), 1, raw) end
    end
  end
  refresh_dest(d)
end

local function end_pause(d)
  local v = redis.call('HMGET', k_dest(d), 'paused', 'since', 'name')
  if not v[1] then return end
  redis.call('HDEL', k_dest(d), 'paused', 'since', 'retryAt')
  redis.call('SREM', P .. 'paused', d)
  if v[1] ~= 'person' then tell_owner(d, { kind = 'resumed', subject = d, since = tonumber(v[2]), place = v[3] or '' }) end
  refresh_dest(d)
end
