-- ARGV: idle (ms), destinations that nobody hears anything of... -> those forgotten. What is used between two looks begins anew (destination.lua).
local n, idle = now(), tonumber(ARGV[1])
local heard = {}
for _, d in ipairs(redis.call('HVALS', P .. 'admins')) do heard[d] = true end
local gone = {}
for i = 2, #ARGV do
  local d = ARGV[i]
  local v = redis.call('HMGET', k_dest(d), 'idleSince', 'platform', 'address')
  if heard[d] or redis.call('EXISTS', P .. 'follows:' .. d, k_notices(d)) > 0 then
    redis.call('HDEL', k_dest(d), 'idleSince')
  elseif v[2] and not v[1] then
    redis.call('HSET', k_dest(d), 'idleSince', n)
  elseif not v[2] or n - tonumber(v[1]) >= idle then
    local read, address = pcall(cjson.decode, v[3] or '')
    if read and redis.call('HGET', P .. 'places', v[2] .. '|' .. address.id) == d then redis.call('HDEL', P .. 'places', v[2] .. '|' .. address.id) end
    redis.call('DEL', k_dest(d), P .. 'due:' .. d)
    redis.call('ZREM', P .. 'due', d)
    redis.call('SREM', P .. 'dests', d)
    redis.call('SREM', P .. 'paused', d)
    gone[#gone + 1] = d
  end
end
return gone
