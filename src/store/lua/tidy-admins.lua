-- ARGV: idle (ms), `platform|id` of the admins whom this process knows... Processes may be configured differently: who is named by any of them stays.
local n, idle = now(), tonumber(ARGV[1])
local named = {}
for i = 2, #ARGV do named[ARGV[i]] = true end
for _, who in ipairs(redis.call('HKEYS', P .. 'admins')) do
  local since = redis.call('HGET', P .. 'admins:former', who)
  if named[who] then
    redis.call('HDEL', P .. 'admins:former', who)
  elseif not since then
    redis.call('HSET', P .. 'admins:former', who, n)
  elseif n - tonumber(since) >= idle then
    redis.call('HDEL', P .. 'admins', who)
    redis.call('HDEL', P .. 'admins:former', who)
  end
end
