-- ARGV: project, older than (ms), limit, every (ms) -> jobs that wait for the safety net for too long: due now. Once each `every`, over all processes.
local p, older, limit, every = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local n = now()
if not redis.call('SET', P .. 'sweep:pulled:' .. p, 1, 'NX', 'PX', math.ceil(every)) then return {} end
local result = {}
-- those that wait longest come first, as they were put off at about the same length
for _, j in ipairs(redis.call('ZRANGEBYSCORE', P .. 'polls', '(' .. n, '+inf', 'LIMIT', 0, 3 * limit)) do
  local v = redis.call('HMGET', k_job(j), 'net', 'readAt')
  if v[1] and project_of(j) == p and tonumber(v[2] or 0) + older <= n then
    redis.call('ZADD', P .. 'polls', n, j)
    result[#result + 1] = j
    if #result >= limit then break end
  end
end
return result
