-- ARGV: destination, job, the DM that shall hear of its trouble, by or '' -> 'done' | 'none' | 'no-owner' | 'own'
local d, j, owner, by = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', k_sub(d, j)) == 0 then return 'none' end
if redis.call('HGET', k_dest(d), 'dm') == '1' then return 'own' end
if redis.call('HGET', k_dest(owner), 'dm') ~= '1' then return 'no-owner' end
redis.call('HSET', k_sub(d, j), 'owner', owner)
local v = redis.call('HMGET', k_dest(d), 'paused', 'since', 'name')
if v[1] and v[1] ~= 'person' then push_notice(owner, { kind = 'paused', subject = d, since = tonumber(v[2]), place = v[3] or '', reason = v[1] }) end
note(by, 'hand-over', d, j, owner)
refresh(d, j)
return 'done'
