-- ARGV: project, lease (ms) -> {watches, missed, works, swept ago or '', 'wait'} or {..., 'turn', now, since or '', census offset or ''}
local p, lease = ARGV[1], tonumber(ARGV[2])
local n = now()
local v = redis.call('HMGET', k_sweep(p), 'dueAt', 'sweptAt', 'every', 'missed', 'since', 'censusOffset', 'censusAt')
local watches = redis.call('SCARD', P .. 'jobs')
local swept = tonumber(v[2] or nil)
local state = { watches, v[4] or '0', sweep_works(n, swept, tonumber(v[3] or 0)) and '1' or '0', swept and n - swept or '' }
local due = tonumber(v[1] or 0)
-- no turn is put off for longer than an hour: beyond it the clock has stepped back
if watches == 0 or (due > n and due <= n + 3600000) then
  state[5] = 'wait'
  return state
end
redis.call('HSET', k_sweep(p), 'dueAt', n + lease)
redis.call('DEL', k_seen(p) .. ':new')
local census = ''
if tonumber(v[7] or 0) <= n then
  census = v[6] or '0'
  if census == '0' then redis.call('HSET', k_sweep(p), 'censusFrom', n) end
end
state[5], state[6], state[7], state[8] = 'turn', n, v[5] or '', census
return state
