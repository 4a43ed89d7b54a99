-- ARGV: platform, address id, address, name, dm, language or '', zone or '', default language, new id, create, person or '' -> {id, fields} or {}
local platform, place, address, name, dm, language, zone, default, fresh, create, person = unpack(ARGV)
local d = redis.call('HGET', P .. 'places', platform .. '|' .. place)
if not d then
  if create ~= '1' then return {} end
  d = fresh
  redis.call('HSET', P .. 'places', platform .. '|' .. place, d)
  redis.call('HSET', k_dest(d), 'id', d, 'platform', platform, 'address', address, 'name', name, 'dm', dm, 'language', language ~= '' and language or default)
  redis.call('SADD', P .. 'dests', d)
elseif create == '1' then
  redis.call('HSET', k_dest(d), 'address', address)
  if name ~= '' then redis.call('HSET', k_dest(d), 'name', name) end
end
-- whose DM it is, so that it can be found and forgotten
if person ~= '' and create == '1' then redis.call('HSET', k_dest(d), 'person', person) end
if zone ~= '' and create == '1' then redis.call('HSET', k_dest(d), 'zone', zone) end
return { d, redis.call('HGETALL', k_dest(d)) }
