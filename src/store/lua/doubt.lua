-- ARGV: destination, job, gen, tok, intent, lookup. The outcome "unknown": the intent stays; a worker that was replaced leaves a late check.
local d, j, gen, tok, I, lookup = ARGV[1], ARGV[2], ARGV[3], ARGV[4], cjson.decode(ARGV[5]), ARGV[6] == '1'
if not has_gen(d, j, gen) then return end
if redis.call('HGET', k_sub(d, j), 'intentTok') ~= tok and (lookup or I.kind == 'edit') then push_late(d, j, I.kind, I.keys, '') end
refresh(d, j)
