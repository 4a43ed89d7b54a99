-- ARGV: project, kind ('first' | 'window' | 'census'), lease (ms), then for each row: job id, mark, state, row -> jobs that have moved, whose polls are due now
local p, kind = ARGV[1], ARGV[2]
local n = now()
-- a page of the census follows a turn that is over
if kind ~= 'census' then redis.call('HSET', k_sweep(p), 'dueAt', n + tonumber(ARGV[3])) end
local moved = {}
for i = 4, #ARGV, 4 do
  local id, mark, state, row = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local j = p .. '/' .. id
  local new = kind == 'window' and redis.call('HGET', k_seen(p), id) ~= mark
  if kind ~= 'census' then redis.call('HSET', k_seen(p) .. ':new', id, mark) end
  local v = redis.call('HMGET', k_job(j), 'epoch', 'ended', 'facts', 'row')
  if v[1] then
    redis.call('HSET', k_job(j), 'listedAt', n)
    -- a state that changed without moving the update time
    if kind == 'census' and v[3] and not v[4] then new = (cjson.decode(v[3]).state or '') ~= state end
    if new and not v[2] then
      redis.call('HSET', k_job(j), 'row', row, 'movedAt', n)
      redis.call('ZADD', P .. 'polls', 'XX', 'LT', n, j)
      redis.call('ZREM', k_doubts(p), j)
      moved[#moved + 1] = j
    end
  end
end
return moved
