-- ARGV: platform, person's id, pseudonym, by or '', '1' = something was forgotten before, their destinations... -> {wishes removed, was an admin, audit entries changed, dead letters removed}
local platform, id, pseudonym, by = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local theirs = {}
for i = 6, #ARGV do theirs[ARGV[i]] = true end
local wishes = redis.call('DEL', P .. 'person:' .. platform .. '|' .. id)
local admin = redis.call('HDEL', P .. 'admins', platform .. '|' .. id)
redis.call('HDEL', P .. 'admins:former', platform .. '|' .. id)
local entries, letters = 0, 0
local trail = redis.call('LRANGE', P .. 'audit', 0, -1)
-- their DMs that were tidied away: an older entry calls such a place what the person was called
for _, raw in ipairs(trail) do
  local entry = cjson.decode(raw)
  local d, by = entry.destination, entry.by
  local own = by.platform == platform and by.id == id and entry.place == by.name and by.name ~= ''
  if own and d and platform_of(d) == platform and redis.call('HGET', k_dest(d), 'dm') ~= '0' then theirs[d] = true end
end
for at, raw in ipairs(trail) do
  local entry = cjson.decode(raw)
  local changed = false
  if entry.by.platform == platform and entry.by.id == id then
    entry.by = { platform = platform, id = pseudonym, name = pseudonym }
    changed = true
  end
  if theirs[entry.destination] then
    entry.place, entry.destination = pseudonym, pseudonym
    changed = true
  end
  if theirs[entry.detail] then
    entry.detail = pseudonym
    changed = true
  end
  if changed then
    redis.call('LSET', P .. 'audit', at - 1, cjson.encode(entry))
    entries = entries + 1
  end
end
for _, raw in ipairs(redis.call('LRANGE', P .. 'dead', 0, -1)) do
  if theirs[cjson.decode(raw).destination] then letters = letters + redis.call('LREM', P .. 'dead', 1, raw) end
end
-- nobody was forgotten of whom nothing was known
if ARGV[5] == '1' or wishes + admin + entries + letters > 0 then note(by, 'forget', nil, nil, pseudonym) end
return { wishes, admin, entries, letters }
