-- ARGV: platform, reason. The admins hear of it once, where another platform reaches them.
local p, reason = ARGV[1], ARGV[2]
if redis.call('HSETNX', P .. 'platform:' .. p, 'paused', reason) == 0 then return end
local n = now()
redis.call('HSET', P .. 'platform:' .. p, 'since', n)
-- its check may say it is well while its posts are refused: one notice a day for one reason
if not redis.call('SET', P .. 'told:' .. p .. ':' .. reason, n, 'NX', 'EX', 86400) then return end
for _, d in ipairs(redis.call('HVALS', P .. 'admins')) do
  if platform_of(d) ~= p then push_notice(d, { kind = 'platform-paused', subject = p, since = n, reason = reason }) end
end
