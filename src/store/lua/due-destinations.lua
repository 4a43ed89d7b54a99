-- ARGV: limit -> destinations due now. Those of a paused platform are put off, so that they do not hide the others.
local n = now()
local limit = tonumber(ARGV[1])
local result, paused = {}, {}
for _, d in ipairs(redis.call('ZRANGEBYSCORE', P .. 'due', '-inf', n, 'LIMIT', 0, limit)) do
  local p = platform_of(d)
  if paused[p] == nil then paused[p] = redis.call('HEXISTS', P .. 'platform:' .. p, 'paused') == 1 end
  if paused[p] then redis.call('ZADD', P .. 'due', n + 5000, d) else result[#result + 1] = d end
end
return result
