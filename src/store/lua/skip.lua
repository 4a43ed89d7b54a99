-- ARGV: destination, job, gen, from, to. Nothing between is wanted.
local d, j, gen, from, to = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
if not has_gen(d, j, gen) then return end
local v = redis.call('HMGET', k_sub(d, j), 'intentTok', 'cursor')
local base = tonumber(redis.call('HGET', k_job(j), 'base') or 0)
if not v[1] and math.max(tonumber(v[2]), base) == from then redis.call('HSET', k_sub(d, j), 'cursor', to) end
refresh(d, j)
