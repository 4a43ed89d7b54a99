-- ARGV: since (0 = access is there), after (ms) -> what is to be told, 'lost' | 'back' | 'nothing', and since when. Whoever is answered something has a minute to tell it.
local since, after = tonumber(ARGV[1]), tonumber(ARGV[2])
local told = redis.call('GET', P .. 'access')
local due = 'nothing'
if since > 0 and not told and now() - since >= after then due = 'lost' end
if since == 0 and told then due = 'back' end
if due ~= 'nothing' and not redis.call('SET', P .. 'access:telling', 1, 'NX', 'PX', 60000) then due = 'nothing' end
return { due, told or tostring(since) }
