-- ARGV: since (0 = access is there), after (ms), operator's evidence -> 'lost' | 'back' | 'nothing'. One notice for each destination that follows anything.
local since, after = tonumber(ARGV[1]), tonumber(ARGV[2])
local told = redis.call('GET', P .. 'access')
local function tell_all(notice)
  for _, d in ipairs(redis.call('SMEMBERS', P .. 'dests')) do
    if redis.call('EXISTS', P .. 'follows:' .. d) == 1 then push_notice(d, notice) end
  end
end
if since > 0 and not told and now() - since >= after then
  redis.call('SET', P .. 'access', since)
  tell_all({ kind = 'access-lost', subject = 'metastudio', since = since, operator = cjson.null })
  local jobs, dests = redis.call('SCARD', P .. 'jobs'), redis.call('SCARD', P .. 'dests')
  local operator = cjson.decode(ARGV[3])
  operator.jobs, operator.destinations = jobs, dests
  for _, d in ipairs(redis.call('HVALS', P .. 'admins')) do push_notice(d, { kind = 'access-lost', subject = 'operator', since = since, operator = operator }) end
  return 'lost'
end
if since == 0 and told then
  redis.call('DEL', P .. 'access')
  tell_all({ kind = 'access-back', subject = 'metastudio', since = tonumber(told) })
  for _, d in ipairs(redis.call('HVALS', P .. 'admins')) do push_notice(d, { kind = 'access-back', subject = 'operator', since = tonumber(told) }) end
  return 'back'
end
return 'nothing'
