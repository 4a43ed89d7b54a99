-- ARGV: bucket, everyMs, burst, ... -> 0 = taken from all; else ms to wait, and nothing was taken (generic cell rate)
local n = now()
local wait = 0
local at = {}
for i = 1, #ARGV, 3 do
  local every, burst = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local t = math.max(tonumber(redis.call('GET', P .. 'pace:' .. ARGV[i]) or 0), n)
  at[i] = t + every
  wait = math.max(wait, t - (burst - 1) * every - n)
end
if wait > 0 then return math.ceil(wait) end
for i = 1, #ARGV, 3 do redis.call('SET', P .. 'pace:' .. ARGV[i], at[i], 'PX', math.max(1, math.ceil(at[i] - n))) end
return 0
