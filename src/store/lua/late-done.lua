-- ARGV: destination, job, gen, raw late check, redo
local d, j, gen, raw, redo = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'
if not has_gen(d, j, gen) then return end
redis.call('LREM', k_late(d, j), 1, raw)
if redo then redis.call('HSET', k_sub(d, j), 'shown', -1, 'editedAt', 0) end
refresh(d, j)
