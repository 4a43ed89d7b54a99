-- ARGV: project, next offset or '' at the end of the list, pause (ms) before the next page once there was a whole census. What a whole census did not show is not covered.
local p, offset, pause = ARGV[1], ARGV[2], tonumber(ARGV[3])
local k = k_sweep(p)
redis.call('HSET', k, 'censusOffset', offset == '' and '0' or offset)
if offset == '' then redis.call('HSET', k, 'censusDone', redis.call('HGET', k, 'censusFrom') or now()) end
if redis.call('HEXISTS', k, 'censusDone') == 1 then redis.call('HSET', k, 'censusAt', now() + pause) end
