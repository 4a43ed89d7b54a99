-- ARGV: project, older than (ms), limit, every (ms) -> jobs that wait for the safety net for too long: due now. Once each `every`, over all processes.
local p, older, limit, every = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local n = now()
if not redis.call('SET', P .. 'sweep:pulled:' .. p, 1, 'NX', 'PX', math.ceil(every)) then return {} end
-- longest unread first; each leaves the net until its next read says otherwise
local result = redis.call('ZRANGEBYSCORE', k_net(p), '-inf', n - older, 'LIMIT', 0, limit)
for _, j in ipairs(result) do
  redis.call('ZREM', k_net(p), j)
  redis.call('ZADD', P .. 'polls', 'XX', 'LT', n, j)
end
return result
