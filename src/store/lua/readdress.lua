-- ARGV: destination, address, platform, new place id. The destination stays; only where it is changes.
local d, address, platform, place = unpack(ARGV)
if redis.call('EXISTS', k_dest(d)) == 0 then return end
local old = platform .. '|' .. cjson.decode(redis.call('HGET', k_dest(d), 'address')).id
local new = platform .. '|' .. place

-- Who wrote at the new place before the platform told of it has made another destination of it: they are one. What that one was told and has under way
-- goes on as it stands, as its messages are where this one is from now on.
local function take_over(other)
  local farewells = {}
  for _, j in ipairs(redis.call('SMEMBERS', P .. 'follows:' .. other)) do
    if redis.call('EXISTS', k_sub(d, j)) == 1 then
      -- followed in both: a wish made later counts, and one card is enough
      local v = redis.call('HMGET', k_sub(other, j), 'preset', 'notify', 'cursor', 'start')
      redis.call('HSET', k_sub(d, j), 'preset', v[1])
      if v[2] then redis.call('HSET', k_sub(d, j), 'notify', v[2]) end
      -- what was told at the other is told; where there is a gap between the two, rather twice than never
      local mine = redis.call('HMGET', k_sub(d, j), 'cursor', 'intentTok')
      local at = math.max(tonumber(mine[1]), tonumber(redis.call('HGET', k_job(j), 'base') or 0))
      if not mine[2] and at >= tonumber(v[4] or 0) and tonumber(v[3]) > at then redis.call('HSET', k_sub(d, j), 'cursor', v[3]) end
      farewells[#farewells + 1] = farewell(other, j)
      drop(other, j)
    else
      redis.call('RENAME', k_sub(other, j), k_sub(d, j))
      if redis.call('EXISTS', k_late(other, j)) == 1 then redis.call('RENAME', k_late(other, j), k_late(d, j)) end
      redis.call('SADD', P .. 'followers:' .. j, d)
      redis.call('SREM', P .. 'followers:' .. j, other)
      redis.call('SADD', P .. 'follows:' .. d, j)
    end
    refresh(d, j)
  end
  for _, raw in ipairs(redis.call('LRANGE', k_notices(other), 0, -1)) do redis.call('RPUSH', k_notices(d), raw) end
  for _, last in ipairs(farewells) do push_notice(d, last) end
  for at, raw in ipairs(redis.call('LRANGE', P .. 'dead', 0, -1)) do
    local letter = cjson.decode(raw)
    if letter.destination == other then
      letter.destination = d
      redis.call('LSET', P .. 'dead', at - 1, cjson.encode(letter))
    end
  end
  local v = redis.call('HMGET', k_dest(other), 'name', 'paused')
  if v[1] and v[1] ~= '' then redis.call('HSET', k_dest(d), 'name', v[1]) end
  if v[2] == 'person' then pause(d, 'person', false, false) end
  -- the old id was out of reach, the new one is not
  if not v[2] and redis.call('HGET', k_dest(d), 'paused') ~= 'person' then end_pause(d) end
  redis.call('HDEL', k_dest(d), 'idleSince')
  redis.call('DEL', k_dest(other), k_notices(other), P .. 'due:' .. other, P .. 'follows:' .. other)
  redis.call('ZREM', P .. 'due', other)
  redis.call('SREM', P .. 'dests', other)
  redis.call('SREM', P .. 'paused', other)
end

local other = redis.call('HGET', P .. 'places', new)
if other and other ~= d then take_over(other) end
if redis.call('HGET', P .. 'places', old) == d then redis.call('HDEL', P .. 'places', old) end
redis.call('HSET', P .. 'places', new, d)
redis.call('HSET', k_dest(d), 'address', address)
refresh_dest(d)
