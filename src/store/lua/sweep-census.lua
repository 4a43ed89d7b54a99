-- ARGV: project, next offset, '' at the end of the list or 'failed' (it begins again), pause (ms) before the next page once there was a whole census. What a whole census did not show is not covered.
local p, offset, pause = ARGV[1], ARGV[2], tonumber(ARGV[3])
local k = k_sweep(p)
if offset == 'failed' then return redis.call('HSET', k, 'censusOffset', 0, 'censusAt', now() + pause) end
redis.call('HSET', k, 'censusOffset', offset == '' and '0' or offset)
if offset == '' then redis.call('HSET', k, 'censusDone', redis.call('HGET', k, 'censusFrom') or now()) end
if redis.call('HEXISTS', k, 'censusDone') == 1 then redis.call('HSET', k, 'censusAt', now() + pause) end
