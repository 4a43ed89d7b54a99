-- ARGV: destination, address, platform, new place id. The destination stays; only where it is changes.
local d, address, platform, place = unpack(ARGV)
if redis.call('EXISTS', k_dest(d)) == 0 then return end
local old = cjson.decode(redis.call('HGET', k_dest(d), 'address'))
redis.call('HDEL', P .. 'places', platform .. '|' .. old.id)
redis.call('HSET', P .. 'places', platform .. '|' .. place, d)
redis.call('HSET', k_dest(d), 'address', address)
