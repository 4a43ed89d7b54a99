-- ARGV: platform, person's id, pseudonym, JSON of {names: theirs, gone: DMs removed by now}, destinations...
--   -> {subscriptions removed, names taken out, destinations removed...}
-- A person's DM goes with all that was followed there; elsewhere their name is taken out.
local platform, id, pseudonym, known = ARGV[1], ARGV[2], ARGV[3], cjson.decode(ARGV[4])
local removed, named, gone = 0, 0, {}
local names, theirs = {}, {}
for _, name in ipairs(known.names) do names[name] = true end
for _, d in ipairs(known.gone) do theirs[d] = true end
local function is_person(raw)
  local read, who = pcall(cjson.decode, raw or '')
  return read and type(who) == 'table' and who.platform == platform and who.id == id, read and who or nil
end
-- Of trouble with their DM, which is called what they are. One that was tidied away is known by its name alone.
local function is_of_their_dm(notice)
  if notice.kind ~= 'paused' and notice.kind ~= 'resumed' then return false end
  if theirs[notice.subject] then return true end
  if platform_of(notice.subject) ~= platform then return false end
  local v = redis.call('HMGET', k_dest(notice.subject), 'person', 'dm')
  if v[1] then return v[1] == platform .. '|' .. id end
  return v[2] ~= '0' and names[notice.place] == true
end
for i = 5, #ARGV do
  local d = ARGV[i]
  local dest = redis.call('HMGET', k_dest(d), 'person', 'dm', 'address', 'platform')
  local jobs = redis.call('SMEMBERS', P .. 'follows:' .. d)
  local own = dest[1] == platform .. '|' .. id
  for _, j in ipairs(jobs) do
    local same, who = is_person(redis.call('HGET', k_sub(d, j), 'by'))
    if same and who.name then names[who.name] = true end
    if same and dest[2] == '1' and not dest[1] then own = true end
  end
  if own then
    for _, j in ipairs(jobs) do drop(d, j) end
    removed = removed + #jobs
    local read, address = pcall(cjson.decode, dest[3] or '')
    if read then redis.call('HDEL', P .. 'places', dest[4] .. '|' .. address.id) end
    redis.call('DEL', k_dest(d), k_notices(d), P .. 'due:' .. d, P .. 'follows:' .. d)
    redis.call('ZREM', P .. 'due', d)
    redis.call('SREM', P .. 'dests', d)
    redis.call('SREM', P .. 'paused', d)
    gone[#gone + 1] = d
    theirs[d] = true
  else
    local stale = {}
    for _, j in ipairs(jobs) do
      local s, before = k_sub(d, j), named
      if is_person(redis.call('HGET', s, 'by')) then
        redis.call('HSET', s, 'by', cjson.encode({ platform = platform, id = pseudonym, name = pseudonym }), 'owner', '')
        named = named + 1
      end
      if is_person(redis.call('HGET', s, 'notify')) then
        redis.call('HDEL', s, 'notify')
        named = named + 1
      end
      if named > before then refresh(d, j) end
    end
    for at, raw in ipairs(redis.call('LRANGE', k_notices(d), 0, -1)) do
      local notice = cjson.decode(raw)
      if is_of_their_dm(notice) then
        stale[#stale + 1] = raw
      -- a farewell's journal is not for Lua to write again
      elseif notice.kind ~= 'farewell' and notice.by and names[notice.by] then
        notice.by = pseudonym
        redis.call('LSET', k_notices(d), at - 1, cjson.encode(notice))
        named = named + 1
      end
    end
    for _, raw in ipairs(stale) do named = named + redis.call('LREM', k_notices(d), 1, raw) end
    if #stale > 0 then refresh_dest(d) end
  end
end
return { removed, named, unpack(gone) }
