-- ARGV: platform, reason. The admins hear of it once, where another platform reaches them.
local p, reason = ARGV[1], ARGV[2]
if redis.call('HSETNX', P .. 'platform:' .. p, 'paused', reason) == 0 then return end
local n = now()
redis.call('HSET', P .. 'platform:' .. p, 'since', n)
for _, d in ipairs(redis.call('HVALS', P .. 'admins')) do
  if platform_of(d) ~= p then push_notice(d, { kind = 'platform-paused', subject = p, since = n, reason = reason }) end
end
